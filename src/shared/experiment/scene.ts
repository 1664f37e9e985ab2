/**
 * The picture of an experiment as a list of shapes: three curves side by side on one scale, with the formula and the
 * ceiling of each. Pure, so that the command line, the page and an exported file all show the same.
 */
import { formatBytes, formatDuration } from '#shared/units.ts';
import {
  formulaBytes,
  formulaFigures,
  formulaWords,
  type Variant,
  variantTitles,
  variants,
} from './formula.ts';
import type { Experiment, Run, Sample } from './outcome.ts';
import type { ExperimentPlan } from './plan.ts';
import { endingWords, finishedWords, loadWords } from './words.ts';

/** Names of the console's tokens. */
export const inks = [
  'page',
  'text',
  'text-2',
  'text-3',
  'line',
  'line-soft',
  'cached',
  'held',
  'alarm',
] as const;
export type Ink = (typeof inks)[number];

export type Shape =
  | {
      readonly kind: 'path';
      /** As in SVG: `M0 0L10 0`. */
      readonly d: string;
      readonly fill?: Ink;
      readonly stroke?: Ink;
      readonly width?: number;
      readonly dash?: string;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly ink: Ink;
      readonly size: number;
      readonly weight?: number;
      readonly anchor?: 'start' | 'end';
    };

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** What it shows, in a sentence or two. */
  readonly label: string;
  readonly shapes: readonly Shape[];
}

/** What a reader has of these; the console has the first. */
export const sceneFont = "'Inter Variable', Inter, system-ui, sans-serif";

const width = 1080;
const height = 428;
const margin = 20;
const gap = 28;
/** Left of the first plot: the scale's figures. */
const scaleWidth = 52;
const plotTop = 134;
const plotHeight = 196;
const plotBottom = plotTop + plotHeight;
const plotWidth = (width - 2 * margin - scaleWidth - 2 * gap) / 3;

interface Scale {
  readonly mostBytes: number;
  readonly mostMs: number;
}

/** Draws what there is of an experiment, finished or not, or not even begun. */
export function drawExperiment(
  experiment: Pick<Experiment, 'plan' | 'runs'> & Partial<Pick<Experiment, 'machine'>>,
): Scene {
  const { plan, runs, machine } = experiment;
  const scale = scaleOf(plan, runs);
  const shapes = [
    text(margin, 32, 'One object, many readers: what each fetcher keeps in memory', {
      size: 16,
      weight: 650,
    }),
    text(margin, 52, describeLoad(plan), { ink: 'text-2' }),
    ...drawScale(scale),
    ...variants.flatMap((variant, index) => {
      const run = runs.find((each) => each.variant === variant);
      return drawPanel(leftOf(index), variant, plan, run, scale);
    }),
    ...drawLegend(machine),
  ];
  return { width, height, label: describe(plan, runs), shapes };
}

function describeLoad(plan: ExperimentPlan): string {
  const { workers, chunkBytes, ceilingBytes } = plan;
  return (
    `${loadWords(plan)}; ${workers} workers, chunks of ${formatBytes(chunkBytes)}; ` +
    `each fetcher in a process of its own that is ended at ${formatBytes(ceilingBytes)}`
  );
}

function describe(plan: ExperimentPlan, runs: readonly Run[]): string {
  const parts = runs.map(
    (run) =>
      `${variantTitles[run.variant]}: at most ${formatBytes(run.peakRssBytes)} resident, ${endingWords(run, plan)}.`,
  );
  return [`Memory of three fetchers over time for ${loadWords(plan)}.`, ...parts].join(' ');
}

/** Formulas far beyond the ceiling are told, not drawn: they would press everything else flat. */
function scaleOf(plan: ExperimentPlan, runs: readonly Run[]): Scale {
  const near = variants
    .map((variant) => formulaBytes(plan, variant))
    .filter((bytes) => bytes <= plan.ceilingBytes * 1.1);
  const shown = Math.max(plan.ceilingBytes, ...near, ...runs.map(({ peakRssBytes }) => peakRssBytes));
  return {
    mostBytes: shown * 1.06,
    mostMs: Math.max(2000, ...runs.map(({ elapsedMs }) => elapsedMs)) * 1.02,
  };
}

function drawScale({ mostBytes }: Scale): readonly Shape[] {
  const step = stepFor(mostBytes, 5);
  const levels = Array.from({ length: Math.floor(mostBytes / step) + 1 }, (_, index) => index * step);
  const right = margin + scaleWidth - 8;
  return [
    ...levels.map((bytes) =>
      text(right, yOf(bytes, mostBytes) + 4, formatBytes(bytes), { ink: 'text-3', size: 11, anchor: 'end' }),
    ),
    ...variants.flatMap((_, index) =>
      levels.map((bytes) =>
        drawLevel(leftOf(index), yOf(bytes, mostBytes), bytes === 0 ? 'line' : 'line-soft'),
      ),
    ),
  ];
}

function drawLevel(left: number, y: number, stroke: Ink): Shape {
  return { kind: 'path', d: line(left, y, left + plotWidth, y), stroke, width: 1 };
}

function leftOf(index: number): number {
  return margin + scaleWidth + index * (plotWidth + gap);
}

function drawPanel(
  left: number,
  variant: Variant,
  plan: ExperimentPlan,
  run: Run | undefined,
  scale: Scale,
): readonly Shape[] {
  return [
    text(left, 84, variantTitles[variant], { size: 13, weight: 650 }),
    text(left, 101, formulaWords[variant], { ink: 'text-2' }),
    text(left, 118, describeFormula(plan, variant), { ink: 'text-2' }),
    ...(run ? drawCurves(left, run, scale) : []),
    ...drawCeiling(left, variant, plan, scale),
    ...drawFormula(left, variant, plan, scale),
    ...(run?.ending === 'ceiling' ? [drawEnd(left, run, scale)] : []),
    ...drawTimes(left, scale),
    ...(run ? drawFacts(left, run, plan) : []),
  ];
}

function drawCurves(left: number, run: Run, scale: Scale): readonly Shape[] {
  const rss = points(left, run, scale, ([, bytes]) => bytes);
  const bodies = points(left, run, scale, ([, , bytes]) => bytes);
  const [first = '', last = ''] = [run.samples[0], run.samples.at(-1)].map((sample) =>
    sample === undefined ? '' : fixed(xOf(left, sample[0], scale)),
  );
  const closed = (path: string): string => `${path}L${last} ${plotBottom}L${first} ${plotBottom}Z`;
  return [
    { kind: 'path', d: closed(rss), fill: 'cached' },
    { kind: 'path', d: closed(bodies), fill: 'held' },
    { kind: 'path', d: rss, stroke: 'text', width: 1.5 },
  ];
}

function points(left: number, { samples }: Run, scale: Scale, of: (sample: Sample) => number): string {
  return samples
    .map(
      (sample, index) =>
        `${index === 0 ? 'M' : 'L'}${fixed(xOf(left, sample[0], scale))} ${fixed(yOf(of(sample), scale.mostBytes))}`,
    )
    .join('');
}

function drawCeiling(
  left: number,
  variant: Variant,
  { ceilingBytes }: ExperimentPlan,
  scale: Scale,
): readonly Shape[] {
  const y = yOf(ceilingBytes, scale.mostBytes);
  const shapes: Shape[] = [
    { kind: 'path', d: line(left, y, left + plotWidth, y), stroke: 'alarm', width: 1, dash: '2 3' },
  ];
  // Where the curve ends there, its end says it.
  if (variant !== 'unbounded')
    shapes.push(text(left + plotWidth, y + 14, 'ceiling', { ink: 'text-2', size: 11, anchor: 'end' }));
  return shapes;
}

function describeFormula(plan: ExperimentPlan, variant: Variant): string {
  const sum = formatBytes(formulaBytes(plan, variant));
  return variant === 'sluice' ? `= ${sum}` : `= ${formulaFigures(plan, variant)} = ${sum}`;
}

/** What bodies can come to: a line that shows on the page as on any fill. */
function drawFormula(left: number, variant: Variant, plan: ExperimentPlan, scale: Scale): readonly Shape[] {
  const bytes = formulaBytes(plan, variant);
  const right = left + plotWidth;
  if (bytes > scale.mostBytes) {
    return [
      { kind: 'path', d: `M${fixed(right - 4)} 120v-11m-4 4l4 -4l4 4`, stroke: 'text-2', width: 1.25 },
      text(right - 14, 118, 'beyond the scale', { ink: 'text-2', size: 11, anchor: 'end' }),
    ];
  }
  const y = yOf(bytes, scale.mostBytes);
  const d = line(left, y, right, y);
  return [
    { kind: 'path', d, stroke: 'page', width: 3 },
    { kind: 'path', d, stroke: 'text', width: 1.25, dash: '6 4' },
  ];
}

/** A cross, and when it was. */
function drawEnd(left: number, run: Run, scale: Scale): Shape {
  const x = xOf(left, run.elapsedMs, scale);
  const y = yOf(run.samples.at(-1)?.[1] ?? 0, scale.mostBytes);
  const d = `M${fixed(x - 5)} ${fixed(y - 5)}l10 10m0 -10l-10 10`;
  return { kind: 'path', d, stroke: 'alarm', width: 2 };
}

function drawTimes(left: number, { mostMs }: Scale): readonly Shape[] {
  const step = secondsFor(mostMs / 1000, 5) * 1000;
  const times = Array.from({ length: Math.floor(mostMs / step) + 1 }, (_, index) => index * step);
  return times.flatMap((ms): readonly Shape[] => {
    const x = xOf(left, ms, { mostMs, mostBytes: 1 });
    return [
      { kind: 'path', d: line(x, plotBottom, x, plotBottom + 4), stroke: 'line', width: 1 },
      text(x, plotBottom + 17, `${ms / 1000} s`, { ink: 'text-3', size: 11 }),
    ];
  });
}

function drawFacts(left: number, run: Run, plan: ExperimentPlan): readonly Shape[] {
  const resident = `resident ${formatBytes(run.peakRssBytes)}`;
  const figures = `bodies ${formatBytes(run.peakBodyBytes)} · ${resident} · CPU ${formatDuration(run.cpuMs)}`;
  const isBad = run.ending !== undefined && run.ending !== 'finished';
  const outcome = isBad ? `${finishedWords(run)} finished; ${shortened(run, plan)}` : endingWords(run, plan);
  return [
    text(left, plotBottom + 40, figures, {}),
    text(left, plotBottom + 57, outcome, { ink: isBad ? 'alarm' : 'text-2' }),
  ];
}

function describeMachine({ processor, cores, memoryBytes }: Experiment['machine']): string {
  return `${processor}, ${cores} cores, ${formatBytes(memoryBytes)}`;
}

/** How large the ceiling is stands above. */
function shortened(run: Run, plan: ExperimentPlan): string {
  return endingWords(run, plan).replace(` of ${formatBytes(plan.ceilingBytes)}`, '');
}

function drawLegend(machine: Experiment['machine'] | undefined): readonly Shape[] {
  const y = height - 16;
  const left = margin + scaleWidth;
  return [
    { kind: 'path', d: `M${left} ${y - 8}h12v8h-12Z`, fill: 'held' },
    text(left + 18, y, 'allocated for bodies', { ink: 'text-2', size: 11 }),
    { kind: 'path', d: `M${left + 148} ${y - 8}h12v8h-12Z`, fill: 'cached' },
    { kind: 'path', d: line(left + 148, y - 8, left + 160, y - 8), stroke: 'text', width: 1.5 },
    text(left + 166, y, 'resident (RSS)', { ink: 'text-2', size: 11 }),
    { kind: 'path', d: line(left + 266, y - 4, left + 290, y - 4), stroke: 'text', width: 1.25, dash: '6 4' },
    text(left + 296, y, 'the formula', { ink: 'text-2', size: 11 }),
    { kind: 'path', d: line(left + 374, y - 4, left + 398, y - 4), stroke: 'alarm', width: 1, dash: '2 3' },
    text(left + 404, y, 'the ceiling', { ink: 'text-2', size: 11 }),
    text(width - margin, y, machine ? describeMachine(machine) : '', {
      ink: 'text-3',
      size: 11,
      anchor: 'end',
    }),
  ];
}

function xOf(left: number, ms: number, { mostMs }: Scale): number {
  return left + (Math.min(ms, mostMs) / mostMs) * plotWidth;
}

function yOf(bytes: number, mostBytes: number): number {
  return plotBottom - (Math.min(bytes, mostBytes) / mostBytes) * plotHeight;
}

/** A power of two, so that the scale has whole units, with at most `most` steps. */
function stepFor(bytes: number, most: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, bytes / most)));
}

function secondsFor(seconds: number, most: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600];
  return steps.find((step) => seconds / step <= most) ?? 3600;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `M${fixed(x1)} ${fixed(y1)}L${fixed(x2)} ${fixed(y2)}`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

type TextStyle = Partial<Omit<Extract<Shape, { kind: 'text' }>, 'kind' | 'x' | 'y' | 'text'>>;

function text(x: number, y: number, words: string, style: TextStyle): Shape {
  return { kind: 'text', x, y, text: words, ink: 'text', size: 12, ...style };
}

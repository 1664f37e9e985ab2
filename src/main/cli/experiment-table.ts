/** An experiment in text: what will be run, how far it is, and what it came to. */
import {
  formulaBytes,
  formulaFigures,
  formulaWords,
  variants,
  variantTitles,
} from '#shared/experiment/formula.ts';
import type { Experiment, Run } from '#shared/experiment/outcome.ts';
import { type ExperimentPlan, shortestMs } from '#shared/experiment/plan.ts';
import { endingWords, finishedWords, loadWords } from '#shared/experiment/words.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import type { ProgressTerminal } from './progress.ts';

/** What will be run, and what the formulas say of it. */
export function planLines(plan: ExperimentPlan): string {
  const { workers, chunkBytes, ceilingBytes } = plan;
  const lines = variants.map(
    (variant) =>
      `  ${variantTitles[variant].padEnd(20)} ${formatBytes(formulaBytes(plan, variant)).padStart(8)} = ` +
      `${formulaWords[variant]}${variant === 'sluice' ? '' : `: ${formulaFigures(plan, variant)}`}`,
  );
  return [
    `${loadWords(plan)}, ${workers} workers, chunks of ${formatBytes(chunkBytes)}`,
    `memory for bodies, at most; a fetcher that comes to ${formatBytes(ceilingBytes)} is ended:`,
    ...lines,
    `the slowest reader takes at least ${formatDuration(shortestMs(plan))}`,
    '',
    '',
  ].join('\n');
}

const columns = ['fetcher', 'formula', 'bodies', 'peak RSS', 'at rest', 'CPU', 'readers', 'outcome'] as const;

/** What it came to, a line for each run. */
export function experimentTable({ plan, runs }: Experiment): string {
  const rows = [columns, ...runs.map((run) => rowOf(run, plan))];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return index === 0 || index === columns.length - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function rowOf(run: Run, plan: ExperimentPlan): readonly string[] {
  return [
    variantTitles[run.variant],
    formatBytes(formulaBytes(plan, run.variant)),
    formatBytes(run.peakBodyBytes),
    formatBytes(run.peakRssBytes),
    formatBytes(run.idleBytes),
    formatDuration(run.cpuMs),
    finishedWords(run),
    endingWords(run, plan),
  ];
}

interface Shown extends Disposable {
  update(experiment: Experiment): void;
}

const drawIntervalMs = 200;
const clearLine = '\r\u001B[K';

/** One line on a terminal that tells how far it is. Nothing at all when standard error is not a terminal. */
export function showExperiment(terminal: ProgressTerminal = process.stderr): Shown {
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update({ plan, runs }) {
      const now = performance.now();
      if (!terminal.isTTY || now - drawnAt < drawIntervalMs) return;
      drawnAt = now;
      const line = progressLine(runs.at(-1), runs.length, plan);
      terminal.write(clearLine + line.slice(0, (terminal.columns || 80) - 1));
    },
    [Symbol.dispose]() {
      if (terminal.isTTY) terminal.write(clearLine);
    },
  };
}

/** `2 of 3  A window per reader  412 MiB resident  3 of 8 readers done  38 %  6.1 s`. */
export function progressLine(run: Run | undefined, number: number, plan: ExperimentPlan): string {
  if (!run) return 'starting';
  const readBytes = run.readers.reduce((sum, { bytes }) => sum + bytes, 0);
  const share = Math.floor((100 * readBytes) / (plan.objectBytes * plan.readers));
  const resident = formatBytes(run.samples.at(-1)?.[1] ?? 0);
  return [
    `${number} of ${variants.length}`,
    variantTitles[run.variant],
    `${resident} resident`,
    `${finishedWords(run)} readers done`,
    `${share} %`,
    formatDuration(run.elapsedMs),
  ].join('  ');
}

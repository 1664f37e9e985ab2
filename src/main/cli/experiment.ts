/** `experiment`: the incident on this machine. One object, many readers, three fetchers, one picture. */
import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { systemReason } from '#main/config/quoted.ts';
import { checkPlan, runExperiment } from '#main/experiment/experiment.ts';
import { findRenderer, renderPng, type Renderer } from '#main/experiment/png.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import type { PlanNames } from '#shared/experiment/fit.ts';
import { type Experiment, experimentSchema, keptItsPromise } from '#shared/experiment/outcome.ts';
import {
  type ExperimentPlan,
  maxSpeeds,
  planLimits,
  quickPlan,
  standardPlan,
} from '#shared/experiment/plan.ts';
import { drawExperiment } from '#shared/experiment/scene.ts';
import { type SvgTheme, svgThemes, toSvg } from '#shared/experiment/svg.ts';
import { formatExactBytes, parseBytes } from '#shared/units.ts';
import { experimentTable, planLines, showExperiment } from './experiment-table.ts';
import { listenForInterrupt } from './interrupt.ts';
import { sizeOption, ValueOption, wholeOption } from './options.ts';

interface ExperimentFlags {
  readonly size?: number;
  readonly readers?: number;
  readonly speed?: readonly number[];
  readonly chunkSize?: number;
  readonly workers?: number;
  readonly budget?: number;
  readonly ceiling?: number;
  readonly firstByte?: number;
  readonly storeSpeed?: number;
  readonly quick?: true;
  readonly json?: true;
  readonly svg?: string;
  readonly png?: string;
  readonly theme: SvgTheme;
  readonly from?: string;
}

const flagNames: PlanNames = {
  objectBytes: '--size',
  readers: '--readers',
  speeds: '--speed',
  chunkBytes: '--chunk-size',
  budgetBytes: '--budget',
  ceilingBytes: '--ceiling',
};

const help = `
The same load three times: on a fetcher that fetches ahead of each reader without a bound, on one with a window of
2 × WORKERS chunks a reader, and on Sluice with its budget. Each has a process of its own, which is ended when it
comes to the ceiling; so has the store, and so have the readers, who compare every byte that they get. Nothing is
started that this machine has not the memory for. Ctrl-C ends all of it.

PNG is drawn by rsvg-convert or by a Chromium, whichever is installed.

Exit codes: 0 done, and Sluice kept to its budget with every byte right; 1 it did not, or was interrupted; 2 bad
input, or not enough memory, and nothing was started.

Examples:
  sluice experiment --svg incident.svg
  sluice experiment --readers 16 --speed 4MiB,16MiB --ceiling 2GiB --json > run.json
  sluice experiment --from run.json --svg dark.svg --theme dark`;

/** Adds the command to `program`. */
export function addExperimentCommand(program: Command): void {
  program
    .command('experiment')
    .description('show what readers of different speeds do to the memory of three fetchers')
    .addOption(
      sizeOption('--size <SIZE>', described('length of the object', 'objectBytes'), planLimits.objectBytes),
    )
    .addOption(
      wholeOption(
        '--readers <COUNT>',
        `how many read it (default ${standardPlan.readers})`,
        planLimits.readers,
      ),
    )
    .addOption(speedsOption())
    .addOption(
      sizeOption(
        '--chunk-size <SIZE>',
        described('what one request is for', 'chunkBytes'),
        planLimits.chunkBytes,
      ),
    )
    .addOption(
      wholeOption(
        '--workers <COUNT>',
        `requests at a time for each reader (default ${standardPlan.workers})`,
        planLimits.workers,
      ),
    )
    .addOption(
      sizeOption('--budget <SIZE>', described('the budget of Sluice', 'budgetBytes'), planLimits.budgetBytes),
    )
    .addOption(
      sizeOption(
        '--ceiling <SIZE>',
        described('memory at which a fetcher is ended', 'ceilingBytes'),
        planLimits.ceilingBytes,
      ),
    )
    .addOption(
      wholeOption(
        '--first-byte <MS>',
        `milliseconds to the first byte of each answer of the store (default ${standardPlan.firstByteMs})`,
        planLimits.firstByteMs,
      ),
    )
    .addOption(
      sizeOption(
        '--store-speed <SIZE>',
        described('bytes a second of each answer of the store', 'storeBytesPerSecond'),
        planLimits.bytesPerSecond,
      ),
    )
    .option('--quick', 'smaller and shorter, to see that it runs')
    .option('--json', 'the result as JSON on standard output')
    .option('--svg <FILE>', 'write the picture as SVG')
    .option('--png <FILE>', 'write the picture as PNG')
    .addOption(
      new Option('--theme <NAME>', 'colours of the picture').choices(Object.keys(svgThemes)).default('light'),
    )
    .option('--from <FILE>', 'draw a result that --json has given before; nothing is run')
    .addHelpText('after', help)
    .action(experiment);
}

async function experiment(flags: ExperimentFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const { signal } = interrupt;
  // Known before anything takes its time.
  if (flags.svg !== undefined) await requireWritable('--svg', flags.svg);
  if (flags.png !== undefined) await requireWritable('--png', flags.png);
  const renderer = flags.png === undefined ? undefined : await findRenderer();
  const result = flags.from === undefined ? await run(flags, signal) : await readResult(flags.from);
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : experimentTable(result));
  // What there is of it is a picture too.
  await writePictures(result, flags, renderer, AbortSignal.timeout(60_000));
  if (result.state === 'stopped') throw new SluiceError('ABORTED', 'interrupted');
  if (!keptItsPromise(result))
    throw new SluiceError('INVARIANT', 'Sluice did not keep its promise in this run: see the table');
}

async function run(flags: ExperimentFlags, signal: AbortSignal): Promise<Experiment> {
  const plan = planOf(flags);
  checkPlan(plan, flagNames);
  if (!flags.json) process.stdout.write(planLines(plan));
  using shown = showExperiment();
  return await runExperiment(plan, (now) => shown.update(now), signal);
}

function planOf(flags: ExperimentFlags): ExperimentPlan {
  const base = flags.quick ? quickPlan : standardPlan;
  return {
    objectBytes: flags.size ?? base.objectBytes,
    readers: flags.readers ?? base.readers,
    speeds: flags.speed ?? base.speeds,
    chunkBytes: flags.chunkSize ?? base.chunkBytes,
    workers: flags.workers ?? base.workers,
    budgetBytes: flags.budget ?? base.budgetBytes,
    ceilingBytes: flags.ceiling ?? base.ceilingBytes,
    firstByteMs: flags.firstByte ?? base.firstByteMs,
    storeBytesPerSecond: flags.storeSpeed ?? base.storeBytesPerSecond,
  };
}

/** @throws SluiceError INVALID_INPUT when there is no such result in the file */
async function readResult(path: string): Promise<Experiment> {
  try {
    return experimentSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const isSystem = (error as NodeJS.ErrnoException).syscall !== undefined;
    const why = isSystem ? systemReason(error) : 'allowed is what "sluice experiment --json" has written';
    throw new SluiceError('INVALID_INPUT', `--from ${path}: ${why}`, { cause: error });
  }
}

async function writePictures(
  result: Experiment,
  { svg, png, theme }: ExperimentFlags,
  renderer: Renderer | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (svg === undefined && png === undefined) return;
  const scene = drawExperiment(result);
  const text = toSvg(scene, svgThemes[theme]);
  if (svg !== undefined) await writePicture('--svg', svg, text);
  if (png !== undefined && renderer)
    await writePicture('--png', png, await renderPng({ ...scene, svg: text }, renderer, signal));
}

/** A picture may take the place of an older one. @throws SluiceError INVALID_INPUT that names the flag */
async function requireWritable(flag: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new SluiceError('INVALID_INPUT', `${flag} ${path}: it is a directory`);
  try {
    await access(found ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw new SluiceError('INVALID_INPUT', `${flag} ${path}: ${systemReason(error)}`, { cause: error });
  }
}

async function writePicture(flag: string, path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw new SluiceError('INVALID_INPUT', `${flag} ${path}: ${systemReason(error)}`, { cause: error });
  }
  process.stderr.write(`wrote ${path}\n`);
}

function described(
  what: string,
  name: 'objectBytes' | 'chunkBytes' | 'budgetBytes' | 'ceilingBytes' | 'storeBytesPerSecond',
): string {
  return `${what} (default ${formatExactBytes(standardPlan[name])})`;
}

function speedsOption(): Option {
  const [least, most] = planLimits.bytesPerSecond;
  const standard = standardPlan.speeds.map(formatExactBytes).join(',');
  return new ValueOption(
    '--speed <SIZE[,SIZE...]>',
    `bytes a second that a reader takes; readers have them in turns (default ${standard})`,
    `up to ${maxSpeeds} sizes from ${formatExactBytes(least)} to ${formatExactBytes(most)} with commas, like 4MiB,16MiB`,
    (text) => {
      const speeds = text.split(',').map(parseBytes);
      const isRight = (speed: number | undefined): speed is number =>
        speed !== undefined && speed >= least && speed <= most;
      return speeds.length <= maxSpeeds && speeds.every(isRight) ? speeds : undefined;
    },
  );
}

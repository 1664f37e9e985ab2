/** What a run came to, in words that the command line, the console and the picture share. */
import { formatBytes, formatDuration, formatRate } from '#shared/units.ts';
import type { Ending, Run } from './outcome.ts';
import { type ExperimentPlan, readerSpeeds } from './plan.ts';

const wordsBefore: Readonly<Record<Ending, string>> = {
  finished: 'every reader finished, in',
  ceiling: 'ended at its ceiling of',
  died: 'its process ended by itself after',
  broken: 'a reader was cut off after',
  wrong: 'a reader got a wrong byte after',
  late: 'given up after',
  stopped: 'stopped after',
};

/** `ended at its ceiling of 1 GiB after 1.4 s`. */
export function endingWords({ ending, elapsedMs }: Run, { ceilingBytes }: ExperimentPlan): string {
  const time = formatDuration(elapsedMs);
  if (ending === undefined) return `running, ${time}`;
  const ceiling = ending === 'ceiling' ? `${formatBytes(ceilingBytes)} after ` : '';
  return `${wordsBefore[ending]} ${ceiling}${time}`;
}

/** `5 of 8`: who has the whole object. */
export function finishedWords({ readers }: Run): string {
  return `${readers.filter(({ state }) => state === 'done').length} of ${readers.length}`;
}

/** `8 readers at 12 MiB/s to 64 MiB/s of one object of 256 MiB`. */
export function loadWords(plan: ExperimentPlan): string {
  const speeds = readerSpeeds(plan);
  const [least, most] = [Math.min(...speeds), Math.max(...speeds)];
  const pace = least === most ? formatRate(least) : `${formatRate(least)} to ${formatRate(most)}`;
  const readers = plan.readers === 1 ? '1 reader' : `${plan.readers} readers`;
  return `${readers} at ${pace} of one object of ${formatBytes(plan.objectBytes)}`;
}

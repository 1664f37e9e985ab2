/** How far a job is, in one line on a terminal; nothing at all when standard error is not a terminal. */
import type { Job } from '#shared/repository-model.ts';
import { formatCount, formatRate } from '#shared/units.ts';
import { describe, type ProgressTerminal } from './progress.ts';

export interface JobProgress extends Disposable {
  update(job: Job): void;
}

const clearLine = '\r\u001B[K';

/** Draws until it is disposed of, which clears the line. */
export function showJob(terminal: ProgressTerminal = process.stderr): JobProgress {
  if (!terminal.isTTY) return { update: () => undefined, [Symbol.dispose]: () => undefined };
  return {
    update(job) {
      terminal.write(clearLine + describeJob(job).slice(0, (terminal.columns || 80) - 1));
    },
    [Symbol.dispose]() {
      terminal.write(clearLine);
    },
  };
}

/** `https://github.com/block/cachew  receiving objects  1,204 of 3,000 objects (40 %), 5.10 MiB/s`. */
export function describeJob(job: Job): string {
  return printable([job.repository, job.phase || job.state, amount(job)].filter(Boolean).join('  '));
}

/** Text of a server, without what would move a terminal's cursor. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function amount({ done, total, unit, bytesPerSecond = 0 }: Job): string {
  if (done === undefined) return '';
  if (unit === 'bytes') return describe({ doneBytes: done, totalBytes: total, bytesPerSecond });
  const parts = [unit === 'percent' ? `${Math.floor(done)} %` : counted(done, total, unit)];
  if (bytesPerSecond > 0) parts.push(formatRate(bytesPerSecond));
  return parts.join(', ');
}

function counted(done: number, total: number | undefined, unit = ''): string {
  if (total === undefined || total === 0) return `${formatCount(done)} ${unit}`.trim();
  const percent = Math.floor((100 * done) / total);
  return `${formatCount(done)} of ${formatCount(total)} ${unit}`.trim() + ` (${percent} %)`;
}

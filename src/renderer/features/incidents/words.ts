/** What the Incidents view says, as text. */
import type { Alert } from '#shared/alert-model.ts';
import type { RecorderState, RecordingContents, RecordingSummary } from '#shared/recording/model.ts';
import type { RecordingOrigin } from '#shared/recording/records.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration, formatTime } from '#shared/units.ts';
import { formatAlertValue } from '#shared/vocabulary/alerts.ts';

const origins: Readonly<Record<RecordingOrigin, string>> = {
  rolling: 'kept all the time',
  manual: 'recorded by hand',
  saved: 'saved by hand',
  alert: 'saved by an alert',
  recovered: 'left by a crash',
  previous: 'left by the last run',
};

/** How it came to be. */
export function originWords(origin: RecordingOrigin): string {
  return origins[origin];
}

const unnamed: Readonly<Record<RecordingOrigin, string>> = {
  rolling: 'Recording',
  manual: 'Recording by hand',
  saved: 'Saved recording',
  alert: 'Recording by an alert',
  recovered: 'Before the crash',
  previous: 'Before the restart',
};

/** Its name, or what it is where nobody has given it one. */
export function titleOf({ name, origin }: Pick<RecordingSummary, 'name' | 'origin'>): string {
  return name === '' ? unnamed[origin] : name;
}

/** `2026-11-28 03:10:01 – 03:25:04`; the day is said again only when it is another. */
export function spanWords(firstAt: number, lastAt: number): string {
  if (firstAt === 0 && lastAt === 0) return 'nothing in it';
  const [from, to] = [formatDateTime(firstAt), formatDateTime(lastAt)];
  const isSameDay = from.slice(0, 10) === to.slice(0, 10);
  return `${from} – ${isSameDay ? formatTime(lastAt) : to}`;
}

/** `2 alerts, 1 mark`; empty for none. */
export function eventWords({ alerts, marks }: Pick<RecordingSummary, 'alerts' | 'marks'>): string {
  return [counted(alerts, 'alert'), counted(marks, 'mark')].filter((text) => text !== '').join(', ');
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}

/** What is wrong with a recording, in sentences; none when nothing is. */
export function damageWords({
  damaged,
  unfinishedBytes,
  summary,
}: Pick<RecordingContents, 'damaged' | 'unfinishedBytes' | 'summary'>): readonly string[] {
  const sentences: string[] = [];
  if (damaged > 0)
    sentences.push(
      `${damaged === 1 ? 'One place is' : `${formatCount(damaged)} places are`} damaged and skipped; the rest can be played.`,
    );
  if (unfinishedBytes > 0)
    sentences.push(`It was cut off while it was written: the last ${formatBytes(unfinishedBytes)} are lost.`);
  if (sentences.length === 0 && !summary.isWhole)
    sentences.push('It was never finished: it ends where it was cut off.');
  return sentences;
}

/** What is kept all the time, in a sentence's end. */
export function rollingWords(
  { isOn, firstAt, bytes, limitBytes, limitMs }: RecorderState['rolling'],
  at: number,
): string {
  if (!isOn) return 'off: --record-minutes is 0';
  if (firstAt === undefined) return 'beginning';
  const covered = formatDuration(Math.max(0, at - firstAt));
  return `the last ${covered} of ${formatDuration(limitMs)} · ${formatBytes(bytes)} of ${formatBytes(limitBytes)}`;
}

/** `41 s, fires at 10 s`. */
export function valueWords({ rule, value, threshold }: Pick<Alert, 'rule' | 'value' | 'threshold'>): {
  readonly value: string;
  readonly threshold: string;
} {
  return { value: formatAlertValue(rule, value), threshold: formatAlertValue(rule, threshold) };
}

/** Whether it is over, and after how long. */
export function stateWords({ state, at, resolvedAt }: Alert, now: number): string {
  if (state === 'firing') return `for ${formatDuration(Math.max(0, now - at))}, still`;
  return `over after ${formatDuration(Math.max(0, (resolvedAt ?? at) - at))}`;
}

/** Recordings whose name, note or origin have every word of `filter` in them. */
export function filtered(
  recordings: readonly RecordingSummary[],
  filter: string,
): readonly RecordingSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return recordings;
  return recordings.filter((recording) => {
    const text =
      `${titleOf(recording)} ${recording.note} ${originWords(recording.origin)} ${recording.id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** What the crash just before this run of the server has left; `undefined` when the run before ended in order. */
export function leftByCrash(recordings: readonly RecordingSummary[]): RecordingSummary | undefined {
  const left = recordings.filter(({ origin }) => origin === 'recovered' || origin === 'previous');
  const newest = left.toSorted((a, b) => b.lastAt - a.lastAt)[0];
  if (newest?.origin !== 'recovered') return undefined;
  // What somebody had started ends with the same crash: the one that goes back furthest has most.
  const same = left.filter(
    ({ origin, lastAt }) => origin === 'recovered' && newest.lastAt - lastAt < sameCrashMs,
  );
  return same.toSorted((a, b) => a.firstAt - b.firstAt)[0];
}

const sameCrashMs = 10_000;

/**
 * Numbers, bytes, rates and times as text, and bytes from text: the only formatter, so that no two screens disagree.
 * Sizes are IEC (KiB = 1024 bytes) everywhere.
 */

export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

const multipliers: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: KiB,
  kb: KiB,
  kib: KiB,
  m: MiB,
  mb: MiB,
  mib: MiB,
  g: GiB,
  gb: GiB,
  gib: GiB,
  t: 1024 * GiB,
  tb: 1024 * GiB,
  tib: 1024 * GiB,
};

/**
 * Bytes from `8MiB`, `8m`, `64k` or a plain number (units are IEC, case does not matter).
 * `undefined` when the text is not a size or not a whole number of bytes up to 2^53.
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const multiplier = multipliers[match?.[2]?.toLowerCase() ?? 'x'];
  if (!match || multiplier === undefined) return undefined;
  const bytes = Number(match[1]) * multiplier;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `8MiB`, `1025B`: no digit lost, so that `parseBytes` gives the same number back. For settings and remedies. */
export function formatExactBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value > 0 && unit < byteUnits.length - 1 && value % 1024 === 0) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${byteUnits[unit]}`;
}

/** `1.50 GiB`, `412 MiB`, `17 B`: three significant digits at most, never `1024 KiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (unit < byteUnits.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toFixed(digits).replace(/\.0+$/, '');
  return `${bytes < 0 ? '-' : ''}${text} ${byteUnits[unit]}`;
}

/** `56 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `0.8 ms`, `340 ms`, `2.4 s`, `3 m 12 s`, `2 h 05 m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} m`;
}

const durationUnitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `15m`, `1.5h`, `500ms` or `0`; `undefined` for anything else. */
export function parseDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  return match ? Number(match[1]) * durationUnitsMs[match[2] as keyof typeof durationUnitsMs] : undefined;
}

/** `15m`, `90s`: so that `parseDurationMs` gives the same number back. For settings and remedies. */
export function formatExactDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0';
  const units = Object.entries(durationUnitsMs).toReversed();
  const [unit, size] = units.find(([, each]) => milliseconds % each === 0) ?? ['ms', 1];
  return `${milliseconds / size}${unit}`;
}

/** `1,204,331`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `14:03:22.418`, in the viewer's time zone. */
export function formatClock(at: number): string {
  const date = new Date(at);
  return `${formatTime(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `14:03:22`. */
export function formatTime(at: number | Date): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** `2026-11-22 14:03:22`. */
export function formatDateTime(at: number): string {
  const date = new Date(at);
  const day = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${date.getFullYear()}-${day.join('-')} ${formatTime(date)}`;
}

const ageUnits = [
  { word: 'd', seconds: 86_400 },
  { word: 'h', seconds: 3600 },
  { word: 'm', seconds: 60 },
] as const;

/** `just now`, `40 s ago`, `12 m ago`, `3 h ago`, `9 d ago`: whole units, for what is read at a glance. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 5) return 'just now';
  const unit = ageUnits.find((each) => seconds >= each.seconds);
  return unit ? `${Math.floor(seconds / unit.seconds)} ${unit.word} ago` : `${seconds} s ago`;
}

/** The first eight digits of a commit, as git abbreviates one. */
export function formatCommit(commit: string): string {
  return commit.slice(0, 8);
}

/** `80 %`. */
export function formatShare(part: number, whole: number): string {
  return `${whole > 0 ? Math.round((part / whole) * 100) : 0} %`;
}

/** `-1:05`, `-0:07.5`: how long before now, for an axis, with so many digits of a second. */
export function formatBefore(milliseconds: number, digits: 0 | 1): string {
  const seconds = milliseconds / 1000;
  const rest = (seconds % 60).toFixed(digits).padStart(digits === 0 ? 2 : 4, '0');
  return `-${Math.floor(seconds / 60)}:${rest}`;
}

/** `86.09 %` of a share from 0 to 1: with two digits, to be held against what other tools print. */
export function formatExactShare(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

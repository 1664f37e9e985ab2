/** What git says of its progress, as numbers: `Receiving objects:  42% (420/1000), 1.20 MiB | 3.00 MiB/s`. */

/** How far git, or what is made of its work, has come. */
export interface GitProgress {
  /** In words, as git says it but in lower case: `counting objects`, `receiving objects`, `updating files`. */
  readonly phase: string;
  readonly done?: number;
  readonly total?: number;
  readonly bytes?: number;
}

/** Who wants to see a command at work. */
export interface GitWatch {
  readonly onProgress?: (progress: GitProgress) => void;
  /** Each line of standard error but the unfinished ones of progress; secrets are masked. */
  readonly onLine?: (line: string) => void;
}

const pattern =
  /^(?:remote: )?(?<phase>[A-Z][A-Za-z -]{2,40}):\s+(?:\d+% \((?<done>\d+)\/(?<total>\d+)\)|(?<count>\d+))(?:, (?<size>[\d.]+) (?<unit>bytes|[KMGT]i?B|B))?(?:,? .*)?,?\s*$/;

const unitBytes: Readonly<Record<string, number>> = {
  bytes: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  // git-lfs counts in powers of ten.
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
};

/** The progress that `line` tells, or `undefined` when it is about something else. */
export function parseProgress(line: string): GitProgress | undefined {
  const found = pattern.exec(line)?.groups;
  if (!found) return undefined;
  const { phase = '', done, total, count, size, unit = '' } = found;
  return {
    phase: phase.charAt(0).toLowerCase() + phase.slice(1),
    done: Number(done ?? count),
    ...(total !== undefined && { total: Number(total) }),
    ...(size !== undefined && { bytes: Math.round(Number(size) * (unitBytes[unit] ?? 1)) }),
  };
}

/** Tells `watch` what a line of standard error says. */
export function tell(watch: GitWatch, line: string): void {
  const progress = parseProgress(line);
  if (progress) watch.onProgress?.(progress);
  // Of the hundred lines of a progress only the last belongs in a log.
  if (!progress || /\bdone\.?\s*$/.test(line)) watch.onLine?.(line.trimEnd());
}

/** What the kernel says of another process (Linux). It answers also while that process is too busy to. */
import { readFileSync } from 'node:fs';
import { KiB } from '#shared/units.ts';
import type { ChildFigures } from './messages.ts';

/** Linux counts processor time for programs in hundredths of a second, whatever its own clock does (proc(5)). */
const tickMs = 10;

/** Nothing where the system has no such files, or the process has ended. */
export function readProcess(pid: number): Partial<Pick<ChildFigures, 'rssBytes' | 'cpuMs'>> {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // The program's name, in parentheses, may have blanks and parentheses of its own.
    const [, fields = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    if (kibibytes === undefined || user === undefined || system === undefined) return {};
    return { rssBytes: Number(kibibytes) * KiB, cpuMs: (user + system) * tickMs };
  } catch {
    return {};
  }
}

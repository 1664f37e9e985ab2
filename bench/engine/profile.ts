/** Where a server's time went: the functions of a CPU profile by the time that they took themselves. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Profiler } from 'node:inspector';

const shown = 20;
/** Not the program's own doing. */
const waiting = new Set(['(idle)', '(root)']);

/** What to give Node so that it leaves a profile in `folder` when it ends. */
export function profilerFlags(folder: string): readonly string[] {
  return ['--cpu-prof', '--cpu-prof-dir', folder];
}

/** A list for each profile in `folder`; shares are of the time that the program was not idle. */
export async function summarizeProfiles(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile')).toSorted();
  const summaries = names.map(async (name) =>
    summarize(JSON.parse(await readFile(join(folder, name), 'utf8')) as Profiler.Profile),
  );
  return (await Promise.all(summaries)).join('\n');
}

function summarize({ nodes, samples = [], timeDeltas = [], startTime, endTime }: Profiler.Profile): string {
  const placeOf = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  const selfMicroseconds = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const place = placeOf.get(id) ?? '(unknown)';
    selfMicroseconds.set(place, (selfMicroseconds.get(place) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const busy = [...selfMicroseconds].filter(([place]) => !waiting.has(place));
  const total = busy.reduce((sum, [, time]) => sum + time, 0);
  const lines = busy
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(([place, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${place}`);
  const share = Math.round((total / (endTime - startTime)) * 100);
  return [`busy ${(total / 1e6).toFixed(1)} s, ${share} % of the time`, ...lines].join('\n');
}

function describe({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const [, module] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const place = module === undefined ? basename(url) : `${module} ${basename(url)}`;
  return url === '' ? name : `${name}  ${place}:${lineNumber + 1}`;
}

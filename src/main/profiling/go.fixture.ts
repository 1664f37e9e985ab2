/** Runs `go tool pprof`, the measure of what is counted here. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Where Go is, besides on the path. */
const usual = ['/usr/local/go/bin', '/usr/lib/go/bin'];

/** What `go tool pprof` says of files. @throws when there is no Go: that is a package of the tests */
export async function goToolPprof(...args: readonly string[]): Promise<string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...usual];
  const program = folders.map((folder) => join(folder, 'go')).find((path) => existsSync(path));
  if (program === undefined)
    throw new Error(
      'go is missing, and nothing else can say whether the numbers are right: apt-get install golang-go',
    );
  // Whatever it finds elsewhere would be asked for, too.
  const env = { ...process.env, PPROF_TOOLS: '', PPROF_BINARY_PATH: '/nonexistent' };
  const { stdout } = await promisify(execFile)(program, ['tool', 'pprof', '-symbolize=none', ...args], {
    env,
  });
  return stdout;
}

/** Flat and cum of each function, as `-top` prints them with one unit for all. */
export function topRows(text: string): ReadonlyMap<string, readonly [flat: number, cum: number]> {
  const rows = text.split('\n').flatMap((line) => {
    const match =
      /^\s*(-?\d+)[a-zA-Z]*\s+-?[\d.e+-]+%\s+-?[\d.e+-]+%\s+(-?\d+)[a-zA-Z]*\s+-?[\d.e+-]+%\s+(.+?)(?: \((?:partial-)?inline\))?$/.exec(
        line,
      );
    return match ? [[match[3] ?? '', [Number(match[1]), Number(match[2])]] as const] : [];
  });
  return new Map(rows);
}

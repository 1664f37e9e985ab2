/** Commits that change a few files each, through git's own bulk importer: hundreds take seconds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { git, gitBytes, gitEnvironment } from './git.ts';

const filesPerCommit = 5;
const maxFileBytes = 200_000;
/** 2026-01-01, in seconds; the commits are an hour apart. */
const begin = 1_767_225_600;

/** Adds `count` commits to `main` of a bare repository; each appends a line to some of its smaller sources. */
export async function addCommits(bare: string, count: number): Promise<void> {
  const importer = spawn('git', ['fast-import', '--quiet'], {
    cwd: bare,
    env: gitEnvironment,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importer, 'close');
  for await (const piece of stream(bare, count))
    if (!importer.stdin.write(piece)) await once(importer.stdin, 'drain');
  importer.stdin.end();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
}

/** The commits in the language of `git fast-import`. */
async function* stream(bare: string, count: number): AsyncGenerator<string | Buffer, void> {
  const base = await git(bare, 'rev-parse', 'main');
  const files = await smallerSources(bare, base);
  const random = numbersFrom(20_260_101);
  const contents = new Map<string, Buffer>();
  for (let number = 1; number <= count; number += 1) {
    const message = `Change ${number}`;
    yield `commit refs/heads/main\ncommitter Bench <bench@localhost> ${begin + number * 3600} +0000\n`;
    yield `data ${message.length}\n${message}\n`;
    if (number === 1) yield `from ${base}\n`;
    for (let index = 0; index < filesPerCommit; index += 1) {
      const path = files[random.next().value % files.length] ?? '';
      const before = contents.get(path) ?? (await gitBytes(bare, 'cat-file', 'blob', `${base}:${path}`));
      const line = `/* change ${number}: ${random.next().value.toString(16)} */\n`;
      const after = Buffer.concat([before, Buffer.from(line)]);
      contents.set(path, after);
      yield `M 100644 inline ${path}\ndata ${after.length}\n`;
      yield after;
      yield '\n';
    }
  }
}

/** Files of some length and ordinary names, in git's order. */
async function smallerSources(bare: string, commit: string): Promise<readonly string[]> {
  const entry = /^100644 blob [0-9a-f]+ +(\d+)\t([\w./+-]+\.(?:c|h|txt|rst))$/;
  return (await git(bare, 'ls-tree', '-r', '-l', commit)).split('\n').flatMap((line) => {
    const [, bytes = '', path = ''] = entry.exec(line) ?? [];
    return path !== '' && Number(bytes) < maxFileBytes ? [path] : [];
  });
}

/** Numbers that are the same everywhere (the constants are those of Numerical Recipes). */
function* numbersFrom(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

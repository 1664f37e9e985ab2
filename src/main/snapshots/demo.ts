/**
 * The demo snapshot: something real to fetch on a first start. It is made from the checkout that Sluice runs from;
 * where that is none (an installed package), from a small repository that is made with git and removed again.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSnapshot, parseUpstream, publishSnapshot, snapshotUrl } from '#main/client/server.ts';
import { ServerUrl } from '#main/client/server-url.ts';
import { isSluicePackage } from '#main/config/package.ts';
import { createArchive, type Archive } from '#main/git/archive.ts';
import { Git } from '#main/git/git.ts';
import { isHttpOrigin } from '#shared/config.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';

const repository = parseUpstream('https://demo.sluice.local/sluice', 'demo');

/** Where a server serves the demo snapshot. */
export const demoSnapshotPath = snapshotUrl(new URL('http://localhost'), repository).pathname;

export interface DemoOptions {
  /** The running server: `http://127.0.0.1:7420`. */
  readonly serverUrl: string;
  /** Lets us publish on it. */
  readonly token: string;
  /** Its `store` setting. */
  readonly store: string;
  /** The folder that Sluice runs from; used when it is the top of a git checkout of Sluice. */
  readonly checkout: string;
  /** Where the small repository is made. */
  readonly dataDir: string;
}

export type DemoOutcome =
  | {
      readonly kind: 'published' | 'present';
      readonly url: string;
      /** A command that fetches a range of the snapshot and shows the answer's header fields. */
      readonly curl: string;
    }
  /** `reason` is a sentence for people. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Publishes the demo snapshot unless the server has it. Never throws: a demo that cannot be made is no failure. */
export async function publishDemo(options: DemoOptions, signal: AbortSignal): Promise<DemoOutcome> {
  const server = new ServerUrl(options.serverUrl, options.token);
  const url = snapshotUrl(server, repository).href;
  const available = { url, curl: curlFor(url) };
  try {
    if (await hasSnapshot(server, repository, signal)) return { kind: 'present', ...available };
    if (isHttpOrigin(options.store)) {
      const reason = `there is no demo snapshot: ${options.store} has none, and an HTTP origin is read-only`;
      return { kind: 'unavailable', reason };
    }
    await using archive = await demoArchive(options, signal);
    await publishSnapshot(server, repository, archive, signal);
    return { kind: 'published', ...available };
  } catch (error) {
    return { kind: 'unavailable', reason: `there is no demo snapshot: ${messageOf(error)}` };
  }
}

/** Fetches the first KiB of `url` and shows the answer's header fields. */
export function curlFor(url: string): string {
  return `curl -r 0-1023 -sS -D - -o /dev/null ${url}`;
}

async function demoArchive({ checkout, dataDir }: DemoOptions, signal: AbortSignal): Promise<Archive> {
  if (isSluicePackage(checkout)) {
    try {
      return await createArchive(checkout, { upstream: repository.upstream }, signal);
    } catch (error) {
      // An installed package is no repository, and a checkout may have no commit yet.
      if (!isSluiceError(error, 'INVALID_INPUT')) throw error;
    }
  }
  await mkdir(dataDir, { recursive: true });
  const folder = await mkdtemp(join(dataDir, 'demo-'));
  try {
    await makeRepository(folder, signal);
    return await createArchive(join(folder, 'repository'), { upstream: repository.upstream }, signal);
  } finally {
    // The archive reads from its own clone.
    await rm(folder, { recursive: true, force: true });
  }
}

const steps = [
  { file: 'README.md', content: '# Demo\n\nA small repository, to have something to fetch.\n' },
  {
    file: 'numbers.txt',
    content: Array.from({ length: 20_000 }, (_, index) => `${index * index}\n`).join(''),
  },
  { file: 'CHANGELOG.md', content: '# Changes\n\n- Numbers: the squares up to 19,999.\n' },
];

/** A few commits with fixed dates, so that every machine makes the same ones. */
async function makeRepository(folder: string, signal: AbortSignal): Promise<void> {
  const date = '2026-01-01T00:00:00Z';
  const git = await Git.using(folder, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  const tree = join(folder, 'repository');
  await git.run(folder, ['init', '--quiet', '--template=', '--', tree], signal);
  for (const { file, content } of steps) {
    await writeFile(join(tree, file), content);
    await git.run(tree, ['add', '--', file], signal);
    await git.run(tree, ['commit', '--quiet', '--message', `Add ${file}`], signal);
  }
}

/**
 * How long until a developer has a clean clone: `sluice restore` beside `git clone` over HTTP of the same repository
 * from the same machine, in turn, each result verified. With what memory and processor time both ends took.
 *
 *   sluice restore ── Sluice ── store          git clone ── nginx ── git http-backend
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes } from '#shared/units.ts';
import { run } from './processes.ts';
import { gitEnvironment } from './restore/git.ts';
import { startHttpBackend } from './restore/http-backend.ts';
import { benchRepository, type BenchRepository } from './restore/repository.ts';
import { budgetBytes, SluiceEnd } from './restore/sluice.ts';
import { openSnapshotStore } from './restore/store.ts';
import { restoreTable, type Turn } from './restore/table.ts';
import { measuredRun, watchUsage, type Watched } from './restore/usage.ts';
import { verify } from './restore/verify.ts';
import { takeTurns } from './statistics.ts';
import type { BenchOptions, Table } from './table.ts';

/**
 * What has been made stays until the end, and what was removed while the snapshot was made is waited for: for a
 * minute, ext4 without a journal passes over each removed inode before it takes another one, and a new file then
 * costs three times as much.
 */
const settleMs = { full: 65_000, quick: 0 } as const;

/** One way to get the repository. */
interface Variant {
  readonly name: string;
  /** Not part of the time. */
  readonly prepare: () => Promise<void>;
  readonly command: (target: string) => readonly [string, ...(readonly string[])];
  /** The other end. */
  readonly server: () => Watched;
}

export async function benchRestore({ size, store: kind = 'ceph' }: BenchOptions): Promise<Table> {
  const rounds = size === 'quick' ? 1 : 3;
  const repository = await benchRepository(size);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-restore-'));
  try {
    await using store = await openSnapshotStore(kind, folder);
    await using backend = await startHttpBackend(dirname(repository.folder), join(folder, 'nginx'));
    await using sluice = new SluiceEnd(store, folder, repository.folder);
    const snapshot = await sluice.makeSnapshot();
    const cloneUrl = `${backend.url}/${basename(repository.folder)}`;
    await run('sync', []);
    await sleep(settleMs[size]);
    const restore = (name: string, prepare: () => Promise<void>): Variant => ({
      name,
      prepare,
      command: (target) => sluice.restoreCommand(target),
      server: () => sluice.watched,
    });
    const variants = {
      cold: restore('cold', () => sluice.cool()),
      warm: restore('warm', () => sluice.warm()),
      clone: {
        name: 'clone',
        prepare: () => Promise.resolve(),
        command: (target: string) => ['git', 'clone', '--quiet', '--', cloneUrl, target] as const,
        server: () => backend.watched,
      },
    } satisfies Record<string, Variant>;
    const turn = (variant: Variant) => (round: number) => takeTurn(variant, repository, folder, round);
    const turns = await takeTurns(rounds, {
      cold: turn(variants.cold),
      warm: turn(variants.warm),
      clone: turn(variants.clone),
    });
    return restoreTable(turns, {
      title: `restore: ${repository.description}, through ${store.description}, median of ${rounds}`,
      snapshot: `The snapshot is ${formatBytes(snapshot.bytes)}; it was made in ${snapshot.seconds.toFixed(1)} s, mirror included. Sluice's budget is ${formatBytes(budgetBytes)}.`,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gets the repository into an empty place and verifies it; the first time every object of it. */
async function takeTurn(
  { name, prepare, command, server }: Variant,
  { head }: BenchRepository,
  folder: string,
  round: number,
): Promise<Turn> {
  const target = join(folder, `target-${name}-${round}`);
  await prepare();
  await run('sync', []); // Nobody pays for what others have written.
  const watching = watchUsage(server());
  const [program, ...args] = command(target);
  const client = await measuredRun(program, args, gitEnvironment);
  const serverUsage = await watching.end();
  const { statusSeconds } = await verify(target, head, round === 0 ? 'fsck' : 'status');
  return { seconds: client.seconds, client: client.usage, server: serverUsage, statusSeconds };
}

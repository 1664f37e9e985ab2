/** Needs git-lfs, as the snapshots themselves do. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { never, Playground } from './git.fixture.ts';
import type { Git, GitProgress } from './git.ts';
import { createLfsArchive, lfsVersion } from './lfs.ts';
import { Mirror } from './mirror.ts';

let playground: Playground;
let git: Git;
let upstream: string;

beforeEach(async () => {
  playground = new Playground();
  git = await playground.sluiceGit();
  upstream = playground.repository('upstream');
});

afterEach(() => {
  vi.unstubAllEnvs();
  playground[Symbol.dispose]();
});

const mirror = () =>
  Mirror.clone(git, { folder: playground.path('mirror'), fetchUrl: `file://${upstream}` }, never);

const idOf = (content: string) => createHash('sha256').update(content).digest('hex');
const pathOf = (id: string) => `lfs/objects/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`;

function installLfs(): void {
  playground.git(upstream, 'lfs', 'install', '--local', '--skip-repo');
  playground.git(upstream, 'lfs', 'track', '*.bin');
}

/** Extracts the archive into a folder and returns the paths in it. */
async function extract(mirrored: Mirror, folder: string): Promise<string[]> {
  await using archive = await createLfsArchive(git, mirrored, never);
  if (!archive) return [];
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.stream) pieces.push(piece);
  const file = playground.path('lfs.tar.zst');
  writeFileSync(file, Buffer.concat(pieces));
  mkdirSync(folder, { recursive: true });
  const list = 'zstd -q -d -c "$1" | tar -xv';
  return playground
    .run(folder, 'sh', '-c', list, 'sh', file)
    .split('\n')
    .filter((path) => !path.endsWith('/'));
}

describe('createLfsArchive', () => {
  it("has each object of HEAD once, and none of earlier commits'", async () => {
    installLfs();
    playground.commit(upstream, 'a.bin', 'earlier');
    playground.commit(upstream, 'a.bin', 'large');
    playground.commit(upstream, 'deep/same.bin', 'large');
    playground.commit(upstream, 'b.bin', 'other');
    const mirrored = await mirror();
    const folder = playground.path('extracted');
    const paths = await extract(mirrored, folder);
    expect(paths.sort()).toEqual([pathOf(idOf('large')), pathOf(idOf('other'))].sort());
    expect(readFileSync(join(folder, pathOf(idOf('large'))), 'utf8')).toBe('large');
    expect(playground.names('.incoming-')).toEqual([]);
  });

  it('completes a restored snapshot', async () => {
    installLfs();
    playground.commit(upstream, 'a.bin', 'large');
    const mirrored = await mirror();
    const { tree } = await playground.restore(mirrored, { upstream: 'https://git.example/p' });
    expect(readFileSync(join(tree, 'a.bin'), 'utf8')).toContain('https://git-lfs.github.com/spec');
    await extract(mirrored, join(tree, '.git'));
    playground.git(tree, 'lfs', 'install', '--local', '--skip-repo');
    playground.git(tree, 'lfs', 'checkout');
    expect(readFileSync(join(tree, 'a.bin'), 'utf8')).toBe('large');
    expect(playground.git(tree, 'status', '--porcelain')).toBe('');
  });

  it('shows how far it is', async () => {
    installLfs();
    playground.commit(upstream, 'a.bin', 'large');
    const phases = new Set<string>();
    const watch = { onProgress: ({ phase }: GitProgress) => void phases.add(phase) };
    await using archive = await createLfsArchive(git, await mirror(), never, watch);
    for await (const piece of archive?.stream ?? []) expect(piece.length).toBeGreaterThan(0);
    expect([...phases]).toEqual(['downloading LFS objects', 'archiving']);
  });

  it('is none when HEAD has no such files, or there is no HEAD', async () => {
    const empty = await mirror();
    await expect(createLfsArchive(git, empty, never)).resolves.toBeUndefined();
    playground.commit(upstream, 'a.txt', '1');
    await expect(createLfsArchive(git, await mirror(), never)).resolves.toBeUndefined();
    expect(playground.names('.incoming-')).toEqual([]);
  });

  it('fails when the upstream does not have an object', async () => {
    installLfs();
    playground.commit(upstream, 'a.bin', 'large');
    playground.run(upstream, 'rm', '-r', '.git/lfs/objects');
    await expect(createLfsArchive(git, await mirror(), never)).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
    });
    expect(playground.names('.incoming-')).toEqual([]);
  });
});

describe('lfsVersion', () => {
  it('says which it is', async () => {
    await expect(lfsVersion(never)).resolves.toMatch(/^\d+\.\d+/);
  });

  it('says that there is none', async () => {
    vi.stubEnv('PATH', playground.folder);
    await expect(lfsVersion(never)).resolves.toBeUndefined();
  });

  it('is not mistaken when it is cancelled', async () => {
    await expect(lfsVersion(AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

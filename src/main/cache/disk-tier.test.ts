import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { chunkFileBytes } from './chunk-file.ts';
import { blockBytes, blocksAround, chunkAt } from './chunk.ts';
import { DiskTier } from './disk-tier.ts';
import { contractChunkBytes, describeCacheTier } from './tier.contract.ts';

let directory: string;
let faults: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-disk-tier-'));
  faults = [];
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const open = (limitBytes = 8 * chunkFileBytes(contractChunkBytes)): Promise<DiskTier> =>
  DiskTier.open({
    directory,
    limitBytes,
    onFault: (message, details) => faults.push(`${message}: ${String(details.reason)}`),
  });

describeCacheTier('disk', () => open());

const chunk = chunkAt({ key: 'ab/object', pin: 'pin', length: contractChunkBytes }, 0, contractChunkBytes);
const data = bytesOf('ab/object', chunk.range);

async function files(): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function filledFile(): Promise<string> {
  await using tier = await open();
  await tier.fill(chunk, data);
  const [path] = await files();
  if (path === undefined) throw new Error('no file was written');
  return path;
}

describe('disk tier', () => {
  it('Chunks on disk survive a restart.', async () => {
    await filledFile();
    await using tier = await open();
    const into = new Uint8Array(contractChunkBytes);
    expect(await tier.read(chunk, chunk.range, into)).toBe(true);
    expect(into).toEqual(data);
    expect(faults).toEqual([]);
  });

  it.each([0, blockBytes - 1, 2 * blockBytes + 5, contractChunkBytes - 1])(
    'an altered byte at %i is a miss, is said in the log, and the file is removed',
    async (position) => {
      const path = await filledFile();
      const altered = await readFile(path);
      altered[position] = (altered[position] ?? 0) ^ 1;
      await writeFile(path, altered);
      await using tier = await open();
      const range = blocksAround(chunk, { start: position, end: position + 1 });
      expect(await tier.read(chunk, range, new Uint8Array(blockBytes))).toBe(false);
      expect(faults).toEqual([expect.stringContaining('checksum differs')]);
      expect(tier.stats()).toMatchObject({ chunks: 0, bytes: 0, faults: 1 });
      await expect(stat(path)).rejects.toThrow('ENOENT');
    },
  );

  it('An altered byte is a miss, is said in the log, and the file is removed.', async () => {
    await using tier = await open();
    await tier.fill(chunk, data);
    const into = new Uint8Array(contractChunkBytes);
    expect(await tier.read(chunk, chunk.range, into)).toBe(true);
    const [path = ''] = await files();
    const altered = await readFile(path);
    altered[3] = (altered[3] ?? 0) ^ 0x80;
    await writeFile(path, altered);
    expect(await tier.read(chunk, chunk.range, into)).toBe(false);
    expect(faults).toEqual([expect.stringContaining('checksum differs')]);
    expect(await files()).toEqual([]);
    await tier.fill(chunk, data);
    expect(await tier.read(chunk, chunk.range, into)).toBe(true);
    expect(into).toEqual(data);
  });

  it.each(['data', 'checksums', 'footer', 'everything'] as const)(
    'a file torn in its %s is a miss',
    async (where) => {
      const path = await filledFile();
      const whole = chunkFileBytes(contractChunkBytes);
      const lengths = { data: 1000, checksums: contractChunkBytes + 6, footer: whole - 3, everything: 0 };
      await truncate(path, lengths[where]);
      await using tier = await open();
      expect(await tier.read(chunk, chunk.range, new Uint8Array(contractChunkBytes))).toBe(false);
      expect(faults).toHaveLength(1);
    },
  );

  it('A torn file is a miss.', async () => {
    const path = await filledFile();
    const altered = await readFile(path);
    altered[contractChunkBytes + 1] = (altered[contractChunkBytes + 1] ?? 0) ^ 1;
    await writeFile(path, altered);
    await using tier = await open();
    expect(await tier.read(chunk, chunk.range, new Uint8Array(contractChunkBytes))).toBe(false);
    expect(faults).toEqual([expect.stringContaining('trailer is torn')]);
  });

  it('What a crash left half written is removed.', async () => {
    const path = await filledFile();
    await writeFile(`${path}.0123456789ab.tmp`, 'half');
    await using tier = await open();
    expect(await files()).toEqual([path]);
    expect(tier.stats().chunks).toBe(1);
  });

  it('shrinks to a smaller limit when it opens', async () => {
    {
      await using tier = await open();
      for (let index = 0; index < 8; index += 1) {
        await tier.fill(
          chunkAt({ key: `o-${index}`, pin: 'p', length: contractChunkBytes }, 0, contractChunkBytes),
          data,
        );
      }
    }
    await using tier = await open(3 * chunkFileBytes(contractChunkBytes));
    expect(tier.stats().chunks).toBe(3);
    expect(await files()).toHaveLength(3);
  });

  it('skips fills that would have to wait too long instead of piling them up', async () => {
    await using tier = await open();
    const fills = Array.from({ length: 40 }, (_, index) =>
      tier.fill(
        chunkAt({ key: `o-${index}`, pin: 'p', length: contractChunkBytes }, 0, contractChunkBytes),
        data,
      ),
    );
    await Promise.all(fills);
    expect(tier.stats()).toMatchObject({ fills: 8, fillsSkipped: 32 });
  });
});

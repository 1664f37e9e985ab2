import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { chunkFileBytes } from './chunk-file.ts';
import { placeOf as placeOfRevision } from './chunk-paths.ts';
import { blockBytes, blocksAround, chunkAt, type ChunkId } from './chunk.ts';
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

const open = (limitBytes = 8 * chunkFileBytes(contractChunkBytes), now = Date.now): Promise<DiskTier> =>
  DiskTier.open({
    directory,
    limitBytes,
    onFault: (message, details) => faults.push(`${message}: ${String(details.reason)}`),
    now,
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
  await tier.write(chunk, data);
  const [path] = await files();
  if (path === undefined) throw new Error('no file was written');
  return path;
}

describe('disk tier', () => {
  it('keeps what is pinned while others come, and no more than its limit whatever is pinned', async () => {
    const evicted: string[] = [];
    let pinned = new Set<string>();
    await using tier = await DiskTier.open({
      directory,
      limitBytes: 3 * chunkFileBytes(contractChunkBytes),
      onFault: (message) => faults.push(message),
      isKept: (place) => pinned.has(place),
      onEvicted: ({ place, reason }) => evicted.push(`${place} ${reason}`),
    });
    const chunkOf = (key: string) =>
      chunkAt({ key, pin: 'pin', length: contractChunkBytes }, 0, contractChunkBytes);
    const write = (key: string) => tier.write(chunkOf(key), bytesOf(key, chunk.range));
    pinned.add(placeOfRevision(chunkOf('pinned').object));
    for (const key of ['pinned', 'a', 'b', 'c', 'd']) await write(key);
    expect(tier.has(chunkOf('pinned'))).toBe(true);
    expect(evicted).toEqual(['a', 'b'].map((key) => `${placeOfRevision(chunkOf(key).object)} full`));
    expect(tier.rangesOf(chunkOf('pinned').object)).toEqual([chunk.range]);
    pinned = new Set(['pinned', 'c', 'd', 'e'].map((key) => placeOfRevision(chunkOf(key).object)));
    await write('e');
    expect(tier.stats().chunks).toBe(3);
    expect(tier.has(chunkOf('e'))).toBe(true);
  });

  it('reads a chunk anew in pieces, whatever was found right before, and drops one that is altered', async () => {
    const path = await filledFile();
    await using tier = await open();
    const into = new Uint8Array(contractChunkBytes);
    expect(await tier.read(chunk, chunk.range, into)).toBe(true);
    const pieces: Buffer[] = [];
    for await (const piece of tier.pieces(chunk, new Uint8Array(blockBytes))) pieces.push(Buffer.from(piece));
    expect(Buffer.concat(pieces).equals(data)).toBe(true);

    const altered = await readFile(path);
    altered[contractChunkBytes - 1] = (altered[contractChunkBytes - 1] ?? 0) ^ 1;
    await writeFile(path, altered);
    const readAll = async (): Promise<number> => {
      let bytes = 0;
      for await (const piece of tier.pieces(chunk, new Uint8Array(blockBytes))) bytes += piece.length;
      return bytes;
    };
    await expect(readAll()).rejects.toThrow('checksum differs');
    expect(tier.has(chunk)).toBe(false);
    expect(await readAll()).toBe(0);
    expect(faults).toHaveLength(1);
  });

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
    // So late that the file counts as one that has not changed for long, and is not verified at each read.
    await using tier = await open(undefined, () => Date.now() + 5000);
    await tier.write(chunk, data);
    const into = new Uint8Array(contractChunkBytes);
    expect(await tier.read(chunk, chunk.range, into)).toBe(true);
    const [path = ''] = await files();
    const { ctimeMs } = await stat(path);
    const altered = await readFile(path);
    altered[3] = (altered[3] ?? 0) ^ 0x80;
    do await writeFile(path, altered, { flag: 'r+' });
    while ((await stat(path)).ctimeMs === ctimeMs);
    const reads = [into, into.slice()].map((into) => tier.read(chunk, chunk.range, into));
    while (tier.has(chunk)) await turn();
    expect(await tier.write(chunk, data), 'while it is being removed').toBe('skipped');
    expect(await Promise.all(reads)).toEqual([false, false]);
    expect(faults).toEqual([expect.stringContaining('checksum differs')]);
    expect(await files()).toEqual([]);
    expect(await tier.write(chunk, data)).toBe('written');
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
        await tier.write(
          chunkAt({ key: `o-${index}`, pin: 'p', length: contractChunkBytes }, 0, contractChunkBytes),
          data,
        );
      }
    }
    await using tier = await open(3 * chunkFileBytes(contractChunkBytes));
    expect(tier.stats().chunks).toBe(3);
    expect(await files()).toHaveLength(3);
  });

  it('says once a minute that it cannot write, and leaves nothing behind', async () => {
    let later = 0;
    await using tier = await open(undefined, () => Date.now() + later);
    await mkdir(await placeOf(chunk), { recursive: true });
    for (const minutes of [0, 0.5, 0.9, 1, 1.5]) {
      later = minutes * 60_000;
      expect(await tier.write(chunk, data)).toBe('failed');
    }
    expect(faults).toEqual(Array(2).fill(expect.stringContaining('could not be written to disk')));
    expect(tier.stats()).toMatchObject({ faults: 5, chunks: 0, bytes: 0 });
    expect(await files()).toEqual([]);
  });

  it('keeps nothing of a chunk for which the disk had not enough room', async () => {
    const printed = await writeWithoutRoom();
    expect(printed).toEqual({ outcome: 'failed', reasons: [expect.stringContaining('EFBIG')] });
    expect(await files()).toEqual([]);
  });
});

/** Where the tier puts the file of `chunk`. */
async function placeOf(chunk: ChunkId): Promise<string> {
  await using tier = await open();
  await tier.write(chunk, bytesOf(chunk.object.key, chunk.range));
  const [path = ''] = await files();
  await tier.evict(chunk.object.key);
  return path;
}

/**
 * Writes a chunk in a process whose files cannot grow beyond 512 blocks of 512 bytes. That is in the middle of this
 * chunk's checksums: the system writes as far as it can, and says why no sooner than at the next attempt.
 */
async function writeWithoutRoom(): Promise<unknown> {
  const length = 512 * 512 - 10;
  const script = `
    import { DiskTier } from ${JSON.stringify(import.meta.resolve('./disk-tier.ts'))};
    process.on('SIGXFSZ', () => undefined);
    const reasons = [];
    const onFault = (_, { reason }) => reasons.push(reason);
    const tier = await DiskTier.open({ directory: ${JSON.stringify(directory)}, limitBytes: 1e9, onFault });
    const chunk = { object: { key: 'k', pin: 'p', length: ${length} }, index: 0, range: { start: 0, end: ${length} } };
    console.log(JSON.stringify({ outcome: await tier.write(chunk, new Uint8Array(${length})), reasons }));`;
  const run = promisify(execFile);
  const limited = 'ulimit -f 512; exec "$0" --input-type=module --eval "$1"';
  const { stdout } = await run('sh', ['-c', limited, process.execPath, script]);
  return JSON.parse(stdout);
}

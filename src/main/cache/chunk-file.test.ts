import * as fs from 'node:fs';
import { mkdtemp, open, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { ChunkFile, writeChunkFile } from './chunk-file.ts';
import { blockBytes } from './chunk.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, fstatSync: vi.fn(real.fstatSync) };
});

const data = bytesOf('object', { start: 0, end: 20 * blockBytes + 5 });
const minutes = 60_000;

let directory: string;
let path: string;
let file: ChunkFile;
/** How far the clock of the test is ahead: so far that the file looks as if it had been written long ago. */
let ahead: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-chunk-file-'));
  path = join(directory, 'a.chunk');
  ahead = 5000;
  await writeChunkFile(path, data);
  file = await ChunkFile.open(path, data.length, () => Date.now() + ahead);
});
afterEach(async () => {
  vi.mocked(fs.fstatSync).mockReset();
  await file.close();
  await rm(directory, { recursive: true });
});

const read = async (offset = 0, length = data.length - offset): Promise<Uint8Array> => {
  const into = new Uint8Array(length);
  await file.read(offset, into);
  return into;
};

/** Turns a bit over in place, until the file system has noticed. */
async function alter(position: number): Promise<void> {
  const before = await stat(path);
  await using writer = await open(path, 'r+');
  const byte = new Uint8Array([(data[position] ?? 0) ^ 1]);
  do await writer.write(byte, 0, 1, position);
  while ((await stat(path)).ctimeMs === before.ctimeMs);
}

describe('an open chunk file', () => {
  it('notices a block that is altered after it has been verified', async () => {
    expect(await read()).toEqual(data);
    await alter(3 * blockBytes);
    await expect(read()).rejects.toThrow(`checksum differs in the block at ${3 * blockBytes}`);
    expect(await read(0, 3 * blockBytes)).toEqual(data.subarray(0, 3 * blockBytes));
    await expect(read(3 * blockBytes, blockBytes)).rejects.toThrow('checksum differs');
  });

  it('notices it as well when the time of the last change is put back', async () => {
    const { atime, mtime } = await stat(path);
    expect(await read()).toEqual(data);
    await alter(data.length - 1);
    await utimes(path, atime, mtime);
    expect((await stat(path)).mtime).toEqual(mtime);
    await expect(read(20 * blockBytes)).rejects.toThrow('checksum differs');
  });
});

/** From now on the file system says nothing new, as when a medium decays. */
function silenceFileSystem(): void {
  const stats = fs.statSync(path);
  vi.mocked(fs.fstatSync).mockReturnValue(stats);
}

describe('a block that changes behind the back of the file system', () => {
  beforeEach(silenceFileSystem);

  it('is found when it is read for the first time', async () => {
    await read(blockBytes);
    await alter(0);
    await expect(read()).rejects.toThrow('checksum differs in the block at 0');
  });

  it('is found ten minutes after it was last verified, and not before', async () => {
    await read();
    await alter(0);
    ahead += 9 * minutes;
    expect(await read()).not.toEqual(data);
    ahead += 1 * minutes;
    await expect(read()).rejects.toThrow('checksum differs');
  });

  it('is found at every read as long as the file is so young that another change could look like the last', async () => {
    ahead = -1 * minutes;
    await read();
    await alter(0);
    await expect(read()).rejects.toThrow('checksum differs');
  });
});

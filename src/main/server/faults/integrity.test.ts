/** Bits that turn on the way: what a store keeps over the whole object proves it, and nothing else is held back. */
import { readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { crc64Nvme } from '#main/checksum/crc64-nvme.ts';
import { changed, flipped, type Fault } from '#main/object-store/fault-proxy.ts';
import { chunkBytes, content, Origins, right, type World } from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());

const small = content.subarray(0, 200_000);

/** The fields with which S3 tells the checksum of a whole object. */
const proofs = {
  crc32: (bytes: Uint8Array) => {
    const value = Buffer.alloc(4);
    value.writeUInt32BE(crc32(bytes));
    return { 'x-amz-checksum-crc32': value.toString('base64'), 'x-amz-checksum-type': 'FULL_OBJECT' };
  },
  crc64nvme: (bytes: Uint8Array) => {
    const value = Buffer.alloc(8);
    value.writeBigUInt64BE(crc64Nvme(bytes));
    return { 'x-amz-checksum-crc64nvme': value.toString('base64'), 'x-amz-checksum-type': 'FULL_OBJECT' };
  },
} as const;

/** Lets the store tell the checksum of `bytes` whenever it is asked what the object is. */
function prove(world: World, algorithm: keyof typeof proofs, bytes: Uint8Array): void {
  const fields = proofs[algorithm](bytes);
  const proven = changed(({ headers }) => ({ headers: { ...headers, ...fields } }));
  world.proxy.spoil(/^HEAD .*[0-9a-f]{64}/, proven, Infinity);
  world.spoil('the first look', proven, Infinity);
}

/** With the fields of a proof where there is one. */
function flippedIn(part: string, fields: Readonly<Record<string, string>>): Fault {
  const bitOf = (bytes: number) => (part === 'mid-chunk' ? bytes * 4 : bytes * 8 - 1);
  return (answer, response) =>
    flipped(bitOf)({ ...answer, headers: { ...answer.headers, ...fields } }, response);
}

const algorithms = ['crc32', 'crc64nvme'] as const;
const rows = algorithms.flatMap((algorithm) =>
  ['mid-chunk', 'the last byte'].map((part) => ({ algorithm, part })),
);

describe.each(rows)('a bit flip in $part under a $algorithm of the whole object', ({ algorithm, part }) => {
  it('of one chunk: never a whole body, fetched again and right', async () => {
    await using world = await behind.world();
    const path = await world.put(small);
    world.spoil('the first look', flippedIn(part, proofs[algorithm](small)));
    prove(world, algorithm, small);
    expect(await readTwice(world, path, small)).toEqual(wrongThenRight);
  });

  it('of several chunks, which a HEAD has told of: never a whole body, fetched again and right', async () => {
    await using world = await behind.world();
    const path = await world.put();
    world.spoil('a later chunk', flippedIn(part, {}));
    prove(world, algorithm, content);
    await fetch(world.sluice.url + path, { method: 'HEAD' });
    expect(await readTwice(world, path, content)).toEqual(wrongThenRight);
  });
});

/** What is kept after a wrong body, and what the next one is. */
async function readTwice(world: World, path: string, bytes: Uint8Array) {
  const first = await world.read(path);
  await world.settled();
  await vi.waitFor(async () => {
    const names = await readdir(world.sluice.cacheFolder, { recursive: true });
    if (names.some((name) => name.endsWith('.chunk'))) throw new Error('there still are chunks on disk');
  }, 15_000);
  const keptBytes = world.sluice.engine.tiers().map((tier) => tier.bytes);
  // The lookup brings the checksum again.
  await fetch(world.sluice.url + path, { method: 'HEAD' });
  const next = await world.outcome(path, bytes);
  const verdicts = { ...world.sluice.engine.verifier.counts };
  return { looksWhole: first.status === 200 && first.whole, keptBytes, next, verdicts };
}

const wrongThenRight = {
  looksWhole: false,
  keptBytes: [0, 0],
  next: right,
  verdicts: { right: 1, wrong: 1 },
};

describe('nothing is held back', () => {
  it.each([
    ['no checksum', {}],
    [
      'a checksum of the checksums of parts',
      { 'x-amz-checksum-crc32': 'AAAAAA==-3', 'x-amz-checksum-type': 'COMPOSITE' },
    ],
    ['a checksum of nobody knows what', { 'x-amz-checksum-crc32': 'AAAAAA==' }],
    ['a damaged checksum', { 'x-amz-checksum-crc32': 'AAAA', 'x-amz-checksum-type': 'FULL_OBJECT' }],
  ] as const)('where the store tells %s', async (_, fields) => {
    await using world = await behind.world();
    const path = await world.put();
    const told = changed(({ headers }) => ({ headers: { ...headers, ...fields } }));
    world.proxy.spoil(/^(HEAD|GET) .*[0-9a-f]{64}/, told, Infinity);
    for (const method of ['HEAD', 'GET'])
      await (await fetch(world.sluice.url + path, { method })).arrayBuffer();
    const { body, whole } = await world.read(path);
    expect({ whole, wrong: Buffer.compare(body, content) }).toEqual({ whole: true, wrong: 0 });
    for (const verdict of ['right', 'wrong'])
      expect(await world.metric(`objects_verified_total{verdict="${verdict}"}`)).toBe(0);
    await world.settled();
  });

  it('when the thread for checksums ends: bodies go out unproven, and the next object is proved', async () => {
    await using world = await behind.world();
    const path = await world.put();
    prove(world, 'crc64nvme', content);
    await fetch(world.sluice.url + path, { method: 'HEAD' });
    process.once('worker', (worker) => void worker.terminate());
    const unproven = await world.read(path);
    expect({ whole: unproven.whole, wrong: Buffer.compare(unproven.body, content) }).toEqual({
      whole: true,
      wrong: 0,
    });
    await world.settled();

    const other = content.toReversed();
    const next = await world.put(other);
    world.proxy.heal();
    prove(world, 'crc64nvme', other);
    await fetch(world.sluice.url + next, { method: 'HEAD' });
    const proven = await world.read(next);
    expect({ whole: proven.whole, wrong: Buffer.compare(proven.body, other) }).toEqual({
      whole: true,
      wrong: 0,
    });
    expect(await world.metric('objects_verified_total{verdict="right"}')).toBe(1);
    await world.settled();
  });

  it('from a range of the object, whose bytes have no checksum', async () => {
    await using world = await behind.world();
    const path = await world.put();
    prove(world, 'crc32', content);
    await fetch(world.sluice.url + path, { method: 'HEAD' });
    const range = await world.read(path, [`Range: bytes=${chunkBytes}-`]);
    expect(Buffer.compare(range.body, content.subarray(chunkBytes))).toBe(0);
    await world.settled();
  });
});

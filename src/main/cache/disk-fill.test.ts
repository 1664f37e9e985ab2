import { describe, expect, it } from 'vitest';
import type { FetchEvents } from '#main/fetch/fetch.ts';
import { chunkAt } from './chunk.ts';
import { fillFromDisk } from './disk-fill.ts';

const chunk = chunkAt({ key: 'object', pin: 'pin', length: 1000 }, 0, 1000);
const silent: FetchEvents = {
  attempt: () => undefined,
  received: () => undefined,
  backOff: () => undefined,
  done: () => undefined,
  failed: () => undefined,
};

/** Fills a chunk of 1000 bytes; `onEvent` hears of each event, and how the memory was let go. */
async function fill(onEvent: (event: string, cancel: () => void) => void): Promise<readonly string[]> {
  const heard: string[] = [];
  const hear = (event: string): void => {
    heard.push(event);
    onEvent(event, () => fetch.cancel(() => hear('released')));
  };
  const events = {
    ...silent,
    received: (bytes: number) => hear(`received ${bytes}`),
    done: () => hear('done'),
  };
  const disk = { has: () => true, read: () => Promise.resolve(true) };
  const range = { start: 0, end: 1000 };
  const fetch = fillFromDisk(disk, { chunk, range, into: new Uint8Array(1000), events });
  hear('begun');
  await new Promise(setImmediate);
  return heard;
}

describe('a read from disk', () => {
  it('tells of all of its bytes at once, and of its end', async () => {
    expect(await fill(() => undefined)).toEqual(['begun', 'received 1000', 'done']);
  });

  it('says nothing more to whoever calls it back when it tells of its bytes', async () => {
    const heard = await fill((event, cancel) => {
      if (event === 'received 1000') cancel();
    });
    expect(heard).toEqual(['begun', 'received 1000', 'released']);
  });

  it('lets go of its memory when it is over, and not before', async () => {
    const heard = await fill((event, cancel) => {
      if (event === 'begun') cancel();
    });
    expect(heard).toEqual(['begun', 'released']);
  });
});

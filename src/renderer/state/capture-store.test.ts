import { describe, expect, it } from 'vitest';
import type { Capture } from '#shared/contract/profiles.ts';
import { maxProfileBytes } from '#shared/profile/profile.ts';
import type { Follower } from '../rpc/follow.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import { CaptureStore } from './capture-store.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at % 251);
const capture: Capture = {
  id: 'a',
  kind: 'heap',
  state: 'ready',
  name: 'sluice-heap.heapprofile',
  startedAt: 1,
  bytes: bytes.length,
};

/** A store whose server answers `read` with pieces of 300 bytes, each when `pass` lets it. */
function storeOf(pass: (offset: number) => Promise<void> = async () => undefined): CaptureStore {
  const read = async ({ offset }: { readonly offset: number }) => {
    await pass(offset);
    const piece = bytes.subarray(offset, offset + 300);
    const next = offset + piece.length;
    return {
      base64: btoa(String.fromCharCode(...piece)),
      ...(next < bytes.length ? { next } : {}),
    };
  };
  const client = { profiles: { read } } as unknown as ConsoleClient;
  const call: Follower['call'] = (work) => work(client);
  return new CaptureStore(call);
}

describe('the file of a capture', () => {
  it('comes piece after piece, and how far it is can be seen', async () => {
    const shares: (number | undefined)[] = [];
    const store: CaptureStore = storeOf(async () => void shares.push(store.fetching?.share));
    expect(await store.fetch(capture)).toEqual(bytes);
    expect(shares).toEqual([0, 0.3, 0.6, 0.9]);
    expect(store.fetching).toBeUndefined();
    expect(store.refusal).toBeUndefined();
  });

  it('is given up when somebody ends it, without a complaint', async () => {
    const store: CaptureStore = storeOf(async (offset) => {
      if (offset === 300) store.stopFetching();
    });
    expect(await store.fetch(capture)).toBeUndefined();
    expect(store.fetching).toBeUndefined();
    expect(store.refusal).toBeUndefined();
  });

  it('says why it cannot be had, until somebody has read that', async () => {
    const store = storeOf(() => Promise.reject(new Error('it is not kept any more')));
    expect(await store.fetch(capture)).toBeUndefined();
    expect(store.refusal).toBe('it is not kept any more');
    store.forgive();
    expect(store.refusal).toBeUndefined();
    expect(await store.fetch({ ...capture, bytes: maxProfileBytes + 1 })).toBeUndefined();
    expect(store.refusal).toContain('too large for the page');
  });
});

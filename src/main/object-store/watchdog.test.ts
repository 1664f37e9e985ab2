import { describe, expect, it } from 'vitest';
import { watched } from './watchdog.ts';
import type { Watched } from './watchdog.ts';

const never = new AbortController().signal;
const patience = { firstByteMilliseconds: 40, idleMilliseconds: 40 };
const long = { firstByteMilliseconds: 60_000, idleMilliseconds: 60_000 };

/** Never ends by itself. */
const hanging = (watch: Watched) =>
  new Promise<never>((_, reject) => {
    watch.signal.addEventListener('abort', () => reject(new Error('aborted by the watch')));
  });

describe('a watched request', () => {
  it('passes on its result and its error', async () => {
    expect(await watched(long, async () => 7, never)).toBe(7);
    const failing = async () => {
      throw new TypeError('its own');
    };
    await expect(watched(long, failing, never)).rejects.toThrow('its own');
  });

  it('stalls when no answer begins, and says so', async () => {
    const stalled = watched({ ...long, firstByteMilliseconds: 40 }, hanging, never);
    await expect(stalled).rejects.toMatchObject({ code: 'STORE_STALLED' });
    await expect(stalled).rejects.toThrow('no answer for 40 ms');
  });

  it('stalls when the answer stops, by the other limit', async () => {
    const stalled = watched(
      { ...long, idleMilliseconds: 40 },
      (watch) => {
        watch.alive();
        return hanging(watch);
      },
      never,
    );
    await expect(stalled).rejects.toThrow('no further byte for 40 ms');
  });

  it('ends with ABORTED when its owner gives up, and does not begin after that', async () => {
    const controller = new AbortController();
    const request = watched(long, hanging, controller.signal);
    controller.abort();
    await expect(request).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(watched(long, async () => 7, controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('does not take a blocked event loop for a stall', async () => {
    const result = await watched(
      patience,
      async (watch) => {
        for (let round = 0; round < 3; round += 1) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150); // What came meanwhile waits to be read.
          await new Promise((resolve) => setImmediate(resolve));
          watch.alive();
        }
        return watch.signal.aborted;
      },
      never,
    );
    expect(result).toBe(false);
  });
});

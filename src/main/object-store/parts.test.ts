import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from './parts.ts';

const never = new AbortController().signal;

async function* piecesOf(pieces: readonly Uint8Array[]) {
  yield* pieces;
}

describe('the parts of a body', () => {
  it('are full but for the last, and together the body', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.integer({ min: 1, max: 50 }), async (pieces, partLength) => {
        const whole = Buffer.concat(pieces);
        const parts: { readonly bytes: Buffer; readonly last: boolean }[] = [];
        for await (const { bytes, last } of partsOf(piecesOf(pieces), new Uint8Array(partLength), never)) {
          parts.push({ bytes: Buffer.from(bytes), last }); // A copy: the next part reuses the buffer.
        }
        expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(whole)).toBe(true);
        expect(parts.map(({ last }) => last)).toEqual(parts.map((_, index) => index === parts.length - 1));
        expect(parts).toHaveLength(Math.max(1, Math.ceil(whole.length / partLength)));
        for (const { bytes } of parts.slice(0, -1)) expect(bytes).toHaveLength(partLength);
      }),
    );
  });

  it('end when their reader stops, telling the body', async () => {
    let closed = false;
    const body = async function* () {
      try {
        for (;;) yield new Uint8Array(10);
      } finally {
        closed = true;
      }
    };
    for await (const { last } of partsOf(body(), new Uint8Array(4), never)) {
      expect(last).toBe(false);
      break;
    }
    expect(closed).toBe(true);
  });

  it('end with ABORTED although the body is stuck', async () => {
    const controller = new AbortController();
    const body = async function* () {
      yield new Uint8Array(1);
      controller.abort();
      await new Promise(() => undefined);
    };
    const read = async () => {
      for await (const part of partsOf(body(), new Uint8Array(4), controller.signal)) return part;
      return undefined;
    };
    await expect(read()).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip } from '#shared/profile/gunzip.ts';

const limit = 1 << 20;

describe('gzip', () => {
  it('is unpacked whole, of however many members, and with members inside members', async () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(parts, fc.boolean(), async (texts, isNested) => {
        // Stored as it is, a packed part has what looks like the beginning of the next member.
        const inner = isNested ? texts.map((text) => Buffer.concat([text, gzipSync(text)])) : texts;
        const packed = Buffer.concat(inner.map((text) => gzipSync(text, { level: 0 })));
        const plain = await gunzip(packed, limit);
        expect(Buffer.from(plain).equals(Buffer.concat(inner))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused when its last member is cut off, and when more comes out than may', async () => {
    const packed = Buffer.concat([gzipSync('one'), gzipSync('two')]);
    await expect(gunzip(packed.subarray(0, -1), limit)).rejects.toBeInstanceOf(Error);
    await expect(gunzip(packed, 5)).rejects.toThrow(RangeError);
    expect(Buffer.from(await gunzip(packed, 6)).toString()).toBe('onetwo');
  });

  it('gives up on what begins like a thousand members and is none', async () => {
    const packed = Buffer.concat([
      gzipSync('one'),
      ...Array<Buffer>(1000).fill(gzipSync('two').subarray(0, 10)),
    ]);
    await expect(gunzip(packed, limit)).rejects.toBeInstanceOf(Error);
  });
});

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compress, decompress, zstdProvider } from './zstd.ts';

const never = new AbortController().signal;
const providers = ['node:zlib', 'zstd command'] as const;
const text = Buffer.from('what is said three times is true\n'.repeat(50_000));

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* inPieces(bytes: Uint8Array, length = 10_000) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

afterEach(() => vi.unstubAllEnvs());

describe.each(providers)('zstd by %s', (provider) => {
  it('compresses what the command reads, with a checksum', async () => {
    const archive = await collect(compress(Readable.from(inPieces(text)), never, provider));
    expect(archive.length).toBeLessThan(text.length / 100);
    // Bit 2 of the frame header's descriptor (RFC 8878, section 3.1.1.1.1).
    expect((archive[4] ?? 0) & 0b100).toBe(0b100);
    expect(execFileSync('zstd', ['-q', '-d', '-c'], { input: archive, maxBuffer: 2 ** 26 })).toEqual(text);
  });

  it('decompresses, several frames too', async () => {
    const one = execFileSync('zstd', ['-q', '-c'], { input: text });
    const all = await collect(decompress(inPieces(Buffer.concat([one, one]), 100), never, provider));
    expect(all.equals(Buffer.concat([text, text]))).toBe(true);
  });

  it.each([
    ['cut off', (archive: Buffer) => archive.subarray(0, -20)],
    ['changed', (archive: Buffer) => Buffer.concat([archive.subarray(0, -1), Buffer.from([0xaa])])],
    ['no zstd', () => Buffer.from('<html>not found</html>')],
  ])('fails for an archive that is %s', async (_, damage) => {
    const archive = damage(execFileSync('zstd', ['-q', '-c'], { input: text }));
    await expect(collect(decompress(inPieces(archive), never, provider))).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
    });
  });

  it('fails as its input does', async () => {
    const start = execFileSync('zstd', ['-q', '-c'], { input: text }).subarray(0, 50);
    const broken = async function* () {
      yield start;
      throw new Error('the upstream broke off');
    };
    await expect(collect(compress(broken(), never, provider))).rejects.toThrow('the upstream broke off');
    await expect(collect(decompress(broken(), never, provider))).rejects.toThrow('the upstream broke off');
  });

  it('can be cancelled, and left early', async () => {
    let isReleased = false;
    const endless = async function* () {
      try {
        for (;;) yield crypto.getRandomValues(new Uint8Array(65_536));
      } finally {
        isReleased = true;
      }
    };
    const controller = new AbortController();
    const cancelled = collect(compress(endless(), controller.signal, provider));
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'ABORTED' });
    await expect.poll(() => isReleased).toBe(true);
    isReleased = false;
    for await (const piece of compress(endless(), never, provider)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => isReleased).toBe(true);
  });
});

describe('zstdProvider', () => {
  it('is the command where it is installed, and else the runtime', () => {
    expect(zstdProvider()).toBe('zstd command');
    vi.stubEnv('PATH', '/nowhere');
    expect(zstdProvider()).toBe('node:zlib');
  });

  it('says what to install when the command has gone', async () => {
    vi.stubEnv('PATH', '/nowhere');
    expect(readdirSync('/').includes('nowhere')).toBe(false);
    await expect(collect(compress(inPieces(text), never, 'zstd command'))).rejects.toThrow(
      'apt-get install zstd',
    );
  });
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Growth } from './growing.ts';
import { collect, never } from './repositories.fixture.ts';
import { Spool } from './spool.ts';

let folder: string;
let growth: Growth;
let give: (text: string) => void;
let end: (error?: Error) => void;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-growing-'));
  growth = new Growth('c'.repeat(40), await Spool.create(join(folder, 'spool')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An archive that is written as the test says. */
function archive(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      give = (text) => controller.enqueue(Buffer.from(text));
      end = (error) => (error ? controller.error(error) : controller.close());
    },
  });
}

const filling = () => growth.fill(archive(), () => undefined);
const next = async (reader: AsyncGenerator<Uint8Array>) =>
  Buffer.from((await reader.next()).value ?? []).toString();

describe('a growing snapshot', () => {
  it('is read as it grows, by each reader from the first byte and at its own pace', async () => {
    const filled = filling();
    const early = growth.join(never).read(never);
    give('abc');
    expect(await next(early)).toBe('abc');
    const late = growth.join(never).read(never, new Uint8Array(2));
    expect([await next(late), await next(late)]).toEqual(['ab', 'c']);
    give('def');
    expect(await next(early)).toBe('def');
    end();
    await filled;
    growth.publish();
    expect((await collect(late)).toString()).toBe('def');
    expect((await early.next()).done).toBe(true);
  });

  it('does not end before it is visible in the store', async () => {
    const filled = filling();
    give('all');
    end();
    await filled;
    const reader = growth.join(never).read(never);
    expect(await next(reader)).toBe('all');
    const last = reader.next();
    expect(await Promise.race([last, new Promise((resolve) => setImmediate(resolve, 'not yet'))])).toBe(
      'not yet',
    );
    growth.fail(new Error('the upload failed'));
    await expect(last).rejects.toThrow('the upload failed');
  });

  it('fails every reader, wherever it is, and those that come later', async () => {
    const filled = filling();
    give('abc');
    const waiting = growth.join(never).read(never);
    await next(waiting);
    const begun = growth.join(never).read(never);
    end(new Error('tar failed'));
    await expect(filled).rejects.toThrow('tar failed');
    growth.fail(new Error('tar failed'));
    await expect(waiting.next()).rejects.toThrow('tar failed');
    await expect(begun.next()).rejects.toThrow('tar failed');
    await expect(growth.join(never).read(never).next()).rejects.toThrow('tar failed');
  });

  it('takes no more bytes once it has failed', async () => {
    const filled = filling();
    growth.fail(new Error('the bucket is gone'));
    give('abc');
    await expect(filled).rejects.toThrow('the bucket is gone');
  });

  it('is removed with the last who has to do with it', async () => {
    const left = () => readdirSync(folder);
    const filled = filling();
    const gone = new AbortController();
    growth.join(gone.signal);
    const reader = growth.join(never).read(never);
    give('abc');
    end();
    await filled;
    growth.publish();
    await growth[Symbol.asyncDispose]();
    gone.abort();
    expect(left()).toEqual(['spool']);
    expect((await collect(reader)).toString()).toBe('abc');
    expect(left()).toEqual([]);
  });

  it('lets a reader go whose signal aborts while it waits', async () => {
    const reading = new AbortController();
    const waiting = growth.join(never).read(reading.signal).next();
    reading.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

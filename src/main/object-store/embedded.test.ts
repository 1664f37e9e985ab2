import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { openEmbeddedStore } from './embedded.ts';
import { describeObjectStore } from './object-store.contract.ts';
import { bodyOf, metadata, never, newKey, partMemory } from './object-store.fixture.ts';

describeObjectStore('the embedded store', (now) => openEmbeddedStore({ now }));

/** Runs source text in a Node.js process of its own. */
function runNode(source: string) {
  return execFile(process.execPath, ['--input-type=module', '--eval', source]);
}

describe('the embedded store', () => {
  it('refuses more than its total, naming the remedy, and takes it again after a delete', async () => {
    await using store = await openEmbeddedStore({ limitBytes: 1000 });
    const put = (key: string, length: number) =>
      store.put(key, bodyOf(new Uint8Array(length)), metadata(), partMemory(), never);
    const first = newKey();
    await put(first, 600);
    const refused = put(newKey(), 401);
    await expect(refused).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(refused).rejects.toThrow(/at most 1000 B.*file:\/\/\/DIR.*s3:\/\/BUCKET/);
    await put(newKey(), 400);
    await expect(put(first, 100)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await store.delete(first, never);
    await put(newKey(), 600);
  });

  it('takes as much again once it is discovered that an object is there no more', async () => {
    let offsetMilliseconds = 0;
    const now = () => Date.now() + offsetMilliseconds;
    await using store = await openEmbeddedStore({ limitBytes: 1000, now });
    const put = (key: string, timeToLiveMs?: number) =>
      store.put(key, bodyOf(new Uint8Array(900)), metadata({ timeToLiveMs }), partMemory(), never);
    const key = newKey();
    await put(key, 60_000);
    await expect(put(newKey())).rejects.toMatchObject({ code: 'TOO_LARGE' });
    offsetMilliseconds = 120_000;
    expect(await store.discover(key, { start: 0, end: 10 }, never)).toBeUndefined();
    await put(newKey());
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends with its parent, even by %s', async (signal) => {
    const parent = runNode(`
      import { startEmbeddedServer } from ${JSON.stringify(new URL('./embedded-server.ts', import.meta.url).href)};
      const { endpoint } = await startEmbeddedServer();
      console.log(endpoint);
      setInterval(() => {}, 1000);
    `);
    const [output] = await once(parent.stdout!, 'data');
    const endpoint = String(output).trim();
    expect((await fetch(endpoint)).status).toBe(403); // It is there, and not for us.
    parent.kill(signal);
    await vi.waitFor(() => expect(fetch(endpoint)).rejects.toThrow(TypeError), 30_000);
  });

  it('does not keep its parent running', async () => {
    const source = new URL('./embedded.ts', import.meta.url).href;
    const parent = runNode(`import { openEmbeddedStore } from '${source}'; await openEmbeddedStore();`);
    expect(await once(parent, 'exit')).toEqual([0, null]);
  });
});

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openEmbeddedStore } from './embedded.ts';
import { bodyOf, describeObjectStore, metadata, never, newKey, partMemory } from './object-store.contract.ts';

describeObjectStore('the embedded store', (now) => openEmbeddedStore({ now }));

/** Runs source text in a Node.js process of its own. */
function runNode(source: string) {
  return execFile(process.execPath, ['--input-type=module', '--eval', source]);
}

/** Resolves when no process has this id any more. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
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

  it.each(['SIGKILL', 'SIGTERM'] as const)('ends with its parent, even by %s', async (signal) => {
    const parent = runNode(`
      import { openEmbeddedStore } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)};
      import { execFileSync } from 'node:child_process';
      await openEmbeddedStore();
      process.stdout.write(execFileSync('pgrep', ['-P', String(process.pid), '-f', 'embedded-child']));
      setInterval(() => {}, 1000);
    `);
    const [output] = await once(parent.stdout!, 'data');
    const child = Number(output);
    expect(child).toBeGreaterThan(0);
    parent.kill(signal);
    await ended(child);
  });

  it('does not keep its parent running', async () => {
    const source = new URL('./embedded.ts', import.meta.url).href;
    const parent = runNode(`import { openEmbeddedStore } from '${source}'; await openEmbeddedStore();`);
    expect(await once(parent, 'exit')).toEqual([0, null]);
  });
});

/** `open` as its users run it. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sluice, startSluiceCommand } from './testing.ts';

let folder = '';
let temporary = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-open-test-'));
  temporary = await mkdtemp(join(tmpdir(), 'sluice-open-tmp-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(temporary, { recursive: true, force: true });
});

describe('open', () => {
  it('serves one file to whoever has the address, and leaves nothing behind', async () => {
    const path = join(folder, 'night.sluicerec');
    await writeFile(path, 'SLUICREC and more');
    const child = startSluiceCommand(['open', path, '--no-browser', '--json'], {
      env: { TMPDIR: temporary },
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { console: address, file } = JSON.parse(line) as { console: string; file: string };
    expect(file).toBe('night.sluicerec');
    const [page = '', token = ''] = address.split('#t=');
    expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/$/);
    const origin = new URL(page).origin;
    const session = (body: object) =>
      fetch(`${origin}/session`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect((await session({})).status).toBe(401);
    expect(await (await session({ token })).json()).toMatchObject({ role: 'viewer' });
    expect((await fetch(`${origin}/api/v1/recordings`)).status).toBe(401);

    child.kill('SIGTERM');
    await once(child, 'close');
    expect(await readdir(temporary)).toEqual([]);
  });

  it('says what is wrong with a file before anything is started', async () => {
    const missing = await sluice(['open', join(folder, 'missing')]);
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.stderr).toMatch(/^sluice: "?.*missing"? cannot be read: no such file or directory\n$/);
    const directory = await sluice(['open', folder]);
    expect(directory).toMatchObject({ code: 2 });
    expect(directory.stderr).toMatch(/is no file\n$/);
    expect((await sluice(['open'])).code).toBe(2);
  });
});

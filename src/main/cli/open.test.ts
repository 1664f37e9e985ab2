/** `open` as its users run it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenedFile } from '#main/console/opened-file.ts';
import { readFolded } from '#shared/profile/folded.ts';
import { toPprof } from '#shared/profile/pprof-writer.ts';
import { requireShowable } from './showable.ts';
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

/** Folded stacks that do not pack well. */
function randomStacks(): string {
  return Array.from({ length: 5000 }, () => `main;${randomBytes(20).toString('hex')} 12`).join('\n');
}

/** More than it looks at. */
const noise = randomBytes(300_000);

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

  const line = 'main;read;decode 12\n';
  it.each([
    ['nothing', '', 'it is empty. Sluice reads'],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0', 'it is a page or a picture'],
    ['data of perf', 'PERFILE2\0\0', 'stackcollapse-perf.pl'],
    ['a letter', 'Dear all,\nthe heap grows.\n', 'nor folded stacks: line 1'],
    ['other JSON', '{"a":1}', 'JSON that has neither'],
    ['a letter in UTF-16', '\xff\xfeD\0e\0a\0r\0', 'nor folded stacks: line 1'],
    ['bytes that are no text', '\x8f\x03\x00\x10\xff', 'no pprof by its first field. Sluice reads'],
    ['a field that is longer than the file', '\x0a\x50\x08\x01', 'no pprof by its first field'],
    ['half a gzip', '\x1f\x8b\x08nothing of it', 'begins as gzip does, and is none'],
  ])('refuses %s, and says what it is', async (_, text, sentence) => {
    const path = join(folder, 'it');
    await writeFile(path, text, 'latin1');
    const { code, stdout, stderr } = await sluice(['open', path, '--no-browser']);
    expect([code, stdout.toString()]).toEqual([2, '']);
    expect(stderr).toContain(sentence);
  });

  it.each([
    ['folded stacks', Buffer.from(line)],
    ['folded stacks in gzip', gzipSync(line)],
    ['many of them, the last of which is cut off where it looks', Buffer.from(line.repeat(10_000))],
    ['so many that a part of them is all that it unpacks', gzipSync(randomStacks())],
    ['pprof without gzip', Buffer.from(toPprof(readFolded(line)))],
    ['text of PowerShell', Buffer.from(`\ufeff${line}`, 'utf16le')],
    ['an incident bundle', gzipSync(Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\0'), noise]))],
  ])('shows %s', async (_, bytes) => {
    const path = join(folder, 'it');
    await writeFile(path, bytes);
    await using file = await OpenedFile.open(path);
    await expect(requireShowable(file)).resolves.toBeUndefined();
  });
});

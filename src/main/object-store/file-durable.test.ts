import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from './file-durable.ts';

it('makes folders on folders, and again', async () => {
  const base = await mkdtemp(join(tmpdir(), 'sluice-folder-'));
  const path = join(base, 'a', 'b', 'c');
  await Promise.all([makeFolder(path), makeFolder(path)]);
  expect((await stat(path)).isDirectory()).toBe(true);
  await rm(base, { recursive: true });
});

it('says what the system says of a place where nothing can be made', async () => {
  const base = await mkdtemp(join(tmpdir(), 'sluice-folder-'));
  const file = join(base, 'file');
  await writeFile(file, '');
  await expect(makeFolder(join(file, 'x'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder('/proc/sluice/x')).rejects.toMatchObject({ code: 'ENOENT' });
  await rm(base, { recursive: true });
});

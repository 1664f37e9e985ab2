import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileSink } from './file-sink.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-sink-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const text = (value: string) => Buffer.from(value);

describe('openFileSink', () => {
  it('puts the file in place when it is complete, whatever the order of the writes', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'before');
    await using sink = await openFileSink(path, '-o');
    await sink.write(text('world'), 6);
    await sink.write(text('hello '), 0);
    expect(readFileSync(path, 'utf8')).toBe('before');
    await sink.commit(11);
    expect(readFileSync(path, 'utf8')).toBe('hello world');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('leaves what was there, and nothing else, when it is given up', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'before');
    const sink = await openFileSink(path, '-o');
    await sink.write(text('half'), 0);
    await sink[Symbol.asyncDispose]();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('refuses a wrong length', async () => {
    await using sink = await openFileSink(join(folder, 'file'), '-o');
    await sink.write(text('half'), 0);
    await expect(sink.commit(8)).rejects.toMatchObject({ code: 'INVARIANT' });
  });

  it('follows a link', async () => {
    const link = join(folder, 'link');
    writeFileSync(join(folder, 'file'), 'before');
    symlinkSync('file', link);
    await using sink = await openFileSink(link, '-o');
    await sink.write(text('after'), 0);
    await sink.commit(5);
    expect(readlinkSync(link)).toBe('file');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('after');
  });

  it('writes to a device without replacing it', async () => {
    await using sink = await openFileSink('/dev/null', '-o');
    await sink.write(text('gone'), 100);
    await sink.commit(104);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('refuses a folder and a file in a folder that does not exist', async () => {
    mkdirSync(join(folder, 'sub'));
    const allowed = 'allowed is a file in a folder that can be written';
    await expect(openFileSink(join(folder, 'sub'), '-o')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: `-o ${JSON.stringify(join(folder, 'sub'))} is a folder: ${allowed}`,
    });
    await expect(openFileSink(join(folder, 'none', 'file'), '-o')).rejects.toThrow(
      'cannot be written (no such file or directory)',
    );
  });
});

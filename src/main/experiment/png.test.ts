import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRenderer, renderPng } from './png.ts';

const drawing = { svg: '<svg/>', width: 10, height: 20 };
const never = new AbortController().signal;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-png-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A program of that name that does what the script says. */
async function install(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

describe('a picture as PNG', () => {
  it('needs a program, and says which ones would do', async () => {
    await expect(findRenderer('')).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: expect.stringMatching(
        /none of rsvg-convert, chromium, .* is installed: install one, take --svg/,
      ),
    });
  });

  it('is drawn by a converter before any browser, and leaves no file', async () => {
    await install('chromium', 'exit 1');
    await install('rsvg-convert', 'cat "$5" "$5" > "$4"');
    const renderer = await findRenderer(`/nowhere:${folder}`);
    expect(renderer).toEqual({ path: join(folder, 'rsvg-convert'), kind: 'converter' });
    const png = await renderPng(drawing, renderer, never);
    expect(png.toString()).toBe('<svg/><svg/>');
  });

  it('that cannot be drawn is a failure with what the program said', async () => {
    await install('chrome', 'echo no screen >&2; exit 3');
    const renderer = { path: join(folder, 'chrome'), kind: 'browser' } as const;
    await expect(renderPng(drawing, renderer, never)).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: expect.stringContaining('no screen'),
    });
  });
});

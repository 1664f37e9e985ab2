/** Small JSON files with secrets: only their owner may read them, and they are old or new, never half written. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { messageOf, SluiceError } from '#shared/errors.ts';

/**
 * What the file holds; `undefined` when there is none.
 * @throws SluiceError INVALID_INPUT that names the file, when it cannot be read or is not what Sluice wrote
 */
export function readPrivate<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    const why = code === undefined ? 'is not what Sluice wrote' : `cannot be read (${code})`;
    throw new SluiceError('INVALID_INPUT', `${path} ${why}: mend it, or move it away`, { cause: error });
  }
}

/** Replaces the file, readable by its owner only (mode 0600). @throws SluiceError INVALID_INPUT that names the file */
export async function writePrivate(path: string, value: unknown): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    {
      await using file = await open(temporary, 'wx', 0o600);
      await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`);
      await file.sync();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new SluiceError('INVALID_INPUT', `${dirname(path)} cannot be written to (${messageOf(error)})`, {
      cause: error,
    });
  }
}

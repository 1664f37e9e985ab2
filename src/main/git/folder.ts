import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** The bytes of all files below `folder`; what goes away meanwhile does not count. */
export async function folderBytes(
  folder: string,
  /** What a file of so many bytes counts. */
  weigh: (bytes: number) => number = (bytes) => bytes,
): Promise<number> {
  let sum = 0;
  for await (const path of filesBelow(folder)) {
    const found = await lstat(path).catch(ignoreMissing);
    if (found) sum += weigh(found.size);
  }
  return sum;
}

/** Everything below `folder` that is no folder itself. */
export async function* filesBelow(folder: string): AsyncGenerator<string, void, undefined> {
  const entries = await opendir(folder).catch(ignoreMissing);
  if (!entries) return;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** Files that are on the disk, not only in its cache, when the promise resolves. */
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asStoreErrors } from './file-errors.ts';

/**
 * Writes a new file from `parts` and syncs it; resolves with its length. A failure removes it.
 * @throws SluiceError STORE_REFUSED, STORE_UNAVAILABLE; whatever `parts` throw, unchanged
 */
export async function writeDurably(
  path: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  let length = 0;
  try {
    await using file = await asStoreErrors(path, () => open(path, 'wx'));
    for await (const bytes of parts) {
      await asStoreErrors(path, () => file.writeFile(bytes)); // At the file's position, and all of it.
      length += bytes.length;
    }
    await asStoreErrors(path, () => file.sync());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return length;
}

/** Makes a folder and syncs every folder that gained a name by it. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder))
    await syncFolder(dirname(folder));
}

/** Syncs the names in a folder: what was renamed into it stays there. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

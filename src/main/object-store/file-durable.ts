/** Files that are on the disk, not only in its cache, when the promise resolves. */
import { mkdir, open, rm, stat } from 'node:fs/promises';
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

/**
 * Makes a folder, and those above it, and syncs every folder that gained a name by it. One level at a time: node's
 * own recursive mkdir never returns where a file system refuses new names with ENOENT, as /proc does.
 * @throws the system's error
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Somebody may have been faster.
    if (!(await isFolder(path))) throw error;
  }
  await syncFolder(parent);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Syncs the names in a folder: what was renamed into it stays there. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

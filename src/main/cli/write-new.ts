/** `--output`: a file that is new, and whole or not there; known to be possible before a server does anything for it. */
import { createWriteStream } from 'node:fs';
import { access, constants, lstat, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quoted, systemReason } from '#main/config/quoted.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';

/**
 * Asked before the work whose result goes there: what is refused afterwards has changed the server already.
 * @throws SluiceError INVALID_INPUT that names the file when it is there already or cannot be made
 */
export async function requireNew(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found) throw notWritable(path, 'file already exists');
  await requireFolder(path);
}

/**
 * The same for a file whose name only the server will give: asked is whether the folder takes one.
 * @throws SluiceError INVALID_INPUT that names `path`, the file in it, when it cannot be made
 */
export async function requireFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw notWritable(path, systemReason(error), error);
  }
}

/**
 * Writes `body` into a new file; what did not arrive whole is taken away.
 * @throws SluiceError INVALID_INPUT that names the file when it is there already or cannot be made
 */
export async function writeNew(
  path: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  let isOurs = false;
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  file.once('open', () => (isOurs = true));
  try {
    await pipeline(body, file, { signal });
  } catch (error) {
    if (isOurs) await rm(path, { force: true });
    if (isOurs || isSluiceError(error)) throw error;
    throw notWritable(path, systemReason(error), error);
  }
}

function notWritable(path: string, reason: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'INVALID_INPUT',
    `--output ${quoted(path)} cannot be written (${reason}): allowed is a file that does not exist`,
    { cause },
  );
}

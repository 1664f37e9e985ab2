/** `--output`: a file that is new, and whole or not there. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { quoted, systemReason } from '#main/config/quoted.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';

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
    throw new SluiceError(
      'INVALID_INPUT',
      `--output ${quoted(path)} cannot be written (${systemReason(error)}): allowed is a file that does not exist`,
      { cause: error },
    );
  }
}

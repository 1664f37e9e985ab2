/** An answer of the server as a file. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SluiceError } from '#shared/errors.ts';

/**
 * Writes the body of the answer at `url` to `file`, of any size and no faster than the disk takes it. Until all is
 * there, what was in the file before stays.
 * @throws SluiceError with the server's own sentence when it refuses, or when the answer ends early
 */
export async function saveAnswer(url: URL, file: string, token?: string): Promise<void> {
  const response = await fetch(
    url,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
  if (!response.ok || !response.body) {
    throw new SluiceError('INVALID_INPUT', `the server refused: ${(await response.text()).slice(0, 500)}`);
  }
  const part = `${file}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new SluiceError('ABORTED', `the export could not be written to ${file}`, { cause: error });
  }
}

/** A heap snapshot of this process, into a file. */
import { open } from 'node:fs/promises';
import { getHeapSnapshot } from 'node:v8';

/**
 * Takes it, which stops everything, and writes it piece by piece to `path`, a new file for its owner only.
 *
 * By hand: under Electron 33 the stream ends and never closes, and a pipeline waits for that.
 * @returns the bytes of the file @throws the signal's reason, or the system's error
 */
export async function writeSnapshot(path: string, signal: AbortSignal): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    const stream = getHeapSnapshot();
    let bytes = 0;
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      stream.on('data', (piece: Buffer) => {
        bytes += piece.length;
        stream.pause();
        file.writeFile(piece).then(() => stream.resume(), reject);
      });
      stream.once('error', reject);
      stream.once('end', () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
    }).finally(() => stream.destroy());
    return bytes;
  } finally {
    await file.close();
  }
}

/**
 * Checksums of chunks, worked out beside the event loop: at 1.8 GB/s a CRC-64 of 8 MiB would hold it up for 5 ms. One
 * thread, started when it is first needed, reads chunks through their shared memory, one at a time; the others wait
 * here, where an abort can still take them back. There are never more of them than slabs, since each holds one.
 *
 * Whoever has the bytes of a CRC-32 in hand anyway, piece by piece, needs none of this: `crc32(piece, previous)` of
 * node:zlib.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { ChecksumRequest } from './checksum-worker.ts';
import type { ChecksumAlgorithm } from './combine.ts';

interface Job {
  readonly request: ChecksumRequest;
  readonly resolve: (checksum: bigint) => void;
  readonly reject: (error: SluiceError) => void;
}

export class ChunkChecksums implements AsyncDisposable {
  /** Looked for at once: a build without it fails at start. */
  readonly #path = workerPath();
  readonly #waiting = new Set<Job>();
  #current: Job | undefined;
  #worker: Worker | undefined;
  #closed = false;

  /**
   * The checksum of `bytes`, which lie in a SharedArrayBuffer (anything else is copied first) and must not change
   * until the promise has settled. After an abort they may still be read, to no effect.
   * @throws SluiceError ABORTED, also when this is disposed of; PROCESS_FAILED when the thread ended
   */
  checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array, signal?: AbortSignal): Promise<bigint> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(job);
        reject(aborted());
      };
      const settling =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          signal?.removeEventListener('abort', onAbort);
          settle(value);
        };
      const job: Job = {
        request: { algorithm, bytes },
        resolve: settling(resolve),
        reject: settling(reject),
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(job);
      this.#next();
    });
  }

  /** Ends the thread; whoever waits is told. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = undefined;
    for (const job of [this.#current, ...this.#waiting]) job?.reject(aborted());
    this.#waiting.clear();
    this.#current = undefined;
    await worker?.terminate();
  }

  /** Gives the thread its next chunk. An idle thread does not keep the process alive. */
  #next(): void {
    if (this.#current) return;
    const [job] = this.#waiting;
    if (!job) {
      this.#worker?.unref();
      return;
    }
    this.#waiting.delete(job);
    this.#current = job;
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(job.request, []);
  }

  #start(): Worker {
    // Flags of this process are not for the thread.
    const worker = new Worker(this.#path, { name: 'sluice checksums', execArgv: [] });
    let reason = 'it ended by itself';
    worker.on('message', (checksum: bigint) => this.#finish((job) => job.resolve(checksum)));
    worker.on('error', (error: unknown) => {
      reason = messageOf(error);
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const failure = new SluiceError('PROCESS_FAILED', `the thread for checksums failed: ${reason}`);
      this.#finish((job) => job.reject(failure));
    });
    return worker;
  }

  #finish(settle: (job: Job) => void): void {
    const job = this.#current;
    this.#current = undefined;
    if (job) settle(job);
    this.#next();
  }
}

function aborted(): SluiceError {
  return new SluiceError('ABORTED', 'nobody waits for the checksum any more');
}

/** Beside this file as source; in the build beside the entries, whose shared code may lie one folder below. */
function workerPath(): string {
  const places = ['./checksum-worker.ts', './checksum-worker.js', '../checksum-worker.js'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new SluiceError('INVARIANT', 'checksum-worker.js is missing from this build');
  return path;
}

/**
 * Profiles of this process: taken one at a time, kept in a private folder until the server ends, or until newer ones
 * push them out. Nothing is taken unless somebody asks for it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capture, CaptureRequest, SnapshotCost } from '#shared/contract/profiles.ts';
import { keptCaptures, type CaptureKind } from '#shared/vocabulary/profiles.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { sampleCpu, sampleHeap } from './inspector.ts';
import { writeSnapshot } from './snapshot-stream.ts';
import { snapshotCost } from './snapshot-cost.ts';

interface Kept {
  capture: Capture;
  readonly path: string;
  readonly abort: AbortController;
  /** Settles when it has ended, and never rejects. */
  done: Promise<void>;
}

const endings: Readonly<Record<CaptureKind, string>> = {
  heap: 'heapprofile',
  cpu: 'cpuprofile',
  snapshot: 'heapsnapshot',
};

export class Captures implements AsyncDisposable {
  readonly #folder: string;
  readonly #cost: () => SnapshotCost;
  /** The newest last. */
  readonly #kept = new Map<string, Kept>();

  /** What an earlier run left in `folder` goes with the first capture. */
  constructor(folder: string, cost: () => SnapshotCost = snapshotCost) {
    this.#folder = folder;
    this.#cost = cost;
  }

  /** What a heap snapshot would cost now. */
  estimate(): SnapshotCost {
    return this.#cost();
  }

  /** The newest first. */
  list(): readonly Capture[] {
    return [...this.#kept.values()].map(({ capture }) => capture).toReversed();
  }

  /**
   * Begins a capture. @throws SluiceError BUSY while one is running; TOO_LARGE when a snapshot does not fit into memory
   */
  start({ kind, seconds, intervalBytes }: CaptureRequest): Capture {
    const running = this.list().find(({ state }) => state === 'running');
    if (running) throw new SluiceError('BUSY', `a profile (${running.kind}) is being taken: wait, or end it`);
    if (kind === 'snapshot') this.#checkFits();
    const startedAt = Date.now();
    const time = new Date(startedAt).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const capture: Capture = {
      id: randomUUID(),
      kind,
      state: 'running',
      name: `sluice-${kind}-${time}.${endings[kind]}`,
      startedAt,
      ...(kind === 'snapshot' ? {} : { endsAt: startedAt + seconds * 1000 }),
      bytes: 0,
    };
    const kept: Kept = {
      capture,
      path: join(this.#folder, capture.id),
      abort: new AbortController(),
      done: Promise.resolve(),
    };
    const isFirst = this.#kept.size === 0;
    this.#kept.set(capture.id, kept);
    kept.done = this.#run(kept, { kind, seconds, intervalBytes }, isFirst);
    return capture;
  }

  /** Ends it if it is running, and removes its file. @returns whether there was one */
  async remove(id: string): Promise<boolean> {
    const kept = this.#kept.get(id);
    if (!kept) return false;
    this.#kept.delete(id);
    kept.abort.abort(new SluiceError('ABORTED', 'the capture was ended'));
    await kept.done;
    await discard(kept.path);
    return true;
  }

  /** The file, to be read and closed. @throws SluiceError NOT_FOUND when there is none, or none yet */
  async open(
    id: string,
  ): Promise<{ readonly capture: Capture; readonly path: string; readonly file: FileHandle }> {
    const kept = this.#kept.get(id);
    if (kept?.capture.state !== 'ready') {
      const why = kept ? `is ${kept.capture.state}` : 'is not kept any more';
      throw new SluiceError('NOT_FOUND', `there is no file of this profile: it ${why}`);
    }
    const { capture, path } = kept;
    return { capture, path, file: await open(path) };
  }

  /** Ends what is running, and removes all files. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#kept.size === 0) return;
    await Promise.all([...this.#kept.keys()].map((id) => this.remove(id)));
    await discard(this.#folder);
  }

  #checkFits(): void {
    const { fits, memoryBytes, availableBytes } = this.#cost();
    if (fits) return;
    throw new SluiceError(
      'TOO_LARGE',
      `a heap snapshot may take ${formatBytes(memoryBytes)} and ${formatBytes(availableBytes)} are left: ` +
        'sample the heap instead',
    );
  }

  async #run(kept: Kept, request: CaptureRequest, isFirst: boolean): Promise<void> {
    try {
      if (isFirst) await discard(this.#folder);
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const bytes = await take(kept, request);
      kept.capture = { ...kept.capture, state: 'ready', bytes };
    } catch (error) {
      await discard(kept.path);
      kept.capture = { ...kept.capture, state: 'failed', message: messageOf(error) };
    }
    for (const [id] of [...this.#kept].slice(0, -keptCaptures)) await this.remove(id);
  }
}

/** What cannot be removed now goes with the next first capture; the next one fails where that matters. */
async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/** @returns the bytes of the file */
async function take(
  { path, abort: { signal } }: Kept,
  { kind, seconds, intervalBytes }: CaptureRequest,
): Promise<number> {
  if (kind === 'snapshot') {
    // Whoever began it is answered before everything stops.
    await new Promise((resolve) => setTimeout(resolve, 50));
    signal.throwIfAborted();
    return writeSnapshot(path, signal);
  }
  const milliseconds = seconds * 1000;
  const text = await (kind === 'heap'
    ? sampleHeap(milliseconds, intervalBytes, signal)
    : sampleCpu(milliseconds, signal));
  const bytes = Buffer.from(text);
  await writeFile(path, bytes, { mode: 0o600, flag: 'wx', signal });
  return bytes.length;
}

/** V8's profilers, of this process: sampled for a while, and then as JSON. */
import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Frames of a stack that are kept. */
const stackDepth = 128;

/**
 * What was allocated while it ran and is still there when it ends, a sample each `intervalBytes` on average.
 * @returns a `.heapprofile` @throws the signal's reason
 */
export async function sampleHeap(
  milliseconds: number,
  intervalBytes: number,
  signal: AbortSignal,
): Promise<string> {
  using session = new OwnSession();
  await session.post('HeapProfiler.startSampling', { samplingInterval: intervalBytes, stackDepth });
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  const { profile } = await session.post('HeapProfiler.stopSampling');
  signal.throwIfAborted();
  return JSON.stringify(profile);
}

/** What ran, looked at each millisecond. @returns a `.cpuprofile` @throws the signal's reason */
export async function sampleCpu(milliseconds: number, signal: AbortSignal): Promise<string> {
  using session = new OwnSession();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  const { profile } = await session.post('Profiler.stop');
  signal.throwIfAborted();
  return JSON.stringify(profile);
}

class OwnSession extends Session implements Disposable {
  constructor() {
    super();
    this.connect();
  }

  [Symbol.dispose](): void {
    this.disconnect();
  }
}

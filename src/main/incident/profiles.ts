/**
 * Two seconds of the process: where the time goes, and what is allocated meanwhile and still alive. Sampled, so that
 * the server goes on; as files that Chrome's developer tools open.
 */
import { Session } from 'node:inspector/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#shared/errors.ts';

const forMs = 2000;
const heapIntervalBytes = 32 * 1024;

export interface TakenProfile {
  readonly name: string;
  readonly about: string;
  readonly content: string;
}

/** Never throws: a bundle without profiles says why it has none. */
export async function takeProfiles(): Promise<readonly TakenProfile[]> {
  const session = new Session();
  try {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await session.post('HeapProfiler.startSampling', { samplingInterval: heapIntervalBytes });
    await sleep(forMs);
    const { profile: cpu } = await session.post('Profiler.stop');
    const { profile: heap } = await session.post('HeapProfiler.stopSampling');
    return [
      {
        name: 'profiles/cpu.cpuprofile',
        about: 'where the time went in two seconds while the bundle was made',
        content: JSON.stringify(cpu),
      },
      {
        name: 'profiles/allocations.heapprofile',
        about: 'what was allocated in these two seconds and was still alive',
        content: JSON.stringify(heap),
      },
    ];
  } catch (error) {
    const content = `${messageOf(error)}\n`;
    return [{ name: 'profiles/none.txt', about: 'why there are no profiles', content }];
  } finally {
    session.disconnect();
  }
}

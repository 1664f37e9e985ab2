/**
 * Keeps V8's heap near what is in use. By itself V8 takes a little time for much memory: where the machine has enough,
 * new objects get 128 MiB, twice the budget of a small server, and old garbage may lie about until it is several
 * times what is alive. Buffers that belong to garbage stay as long as it does.
 *
 * The flags that set limits are read before the program begins. Those that say how fast the heap grows are read each
 * time it does, so they can be set here.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { MiB } from '#shared/units.ts';

/** For new objects: both halves of their space together. */
const youngBytes = 16 * MiB;

/** Old objects are collected when they have grown by half. */
const oldGrowthPercent = 50;

/**
 * From now on until it is disposed of, there are about 16 MiB for new objects (twice that if V8 doubles them before
 * anybody can look), and half of what is alive for old garbage.
 */
export function boundHeap(): Disposable {
  setFlagsFromString(`--heap-growing-percent=${oldGrowthPercent}`);
  // Not while modules are loaded either, when nobody can look for long.
  let factor = growYoungBy(1);
  const observer = new PerformanceObserver(() => {
    const wanted = youngBytesNow() < youngBytes ? 2 : 1;
    if (wanted !== factor) factor = growYoungBy(wanted);
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    [Symbol.dispose]: () => {
      observer.disconnect();
      growYoungBy(2);
      setFlagsFromString('--heap-growing-percent=0');
    },
  };
}

/** 2 is V8's own. */
function growYoungBy(factor: 1 | 2): 1 | 2 {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  return factor;
}

function youngBytesNow(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

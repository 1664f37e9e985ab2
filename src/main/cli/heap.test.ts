import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';

const module = new URL('./heap.ts', import.meta.url).href;

const limitBytes = 32 * MiB;

interface Load {
  /** The most that there was for new objects. */
  readonly youngBytes: number;
  /** After how many rounds it was more than the limit, or all of them. */
  readonly rounds: number;
}

/** In a process of its own: V8's flags are for all of it. Its limit is set high, whatever the machine has. */
async function load(program: string, rounds: number): Promise<Load> {
  const source = `
    import { getHeapSpaceStatistics } from 'node:v8';
    const young = () => getHeapSpaceStatistics().find((it) => it.space_name === 'new_space').space_size;
    ${program}
    let [kept, youngBytes, rounds] = [[], 0, 0];
    for (; rounds < ${rounds} && youngBytes <= ${limitBytes}; rounds += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      for (let index = 0; index < 1000; index += 1) kept.push({ rounds, index });
      if (kept.length > 200_000) kept = [];
      youngBytes = Math.max(youngBytes, young());
    }
    console.log(JSON.stringify({ youngBytes, rounds }));`;
  const flags = ['--max-semi-space-size=64', '--input-type=module', '--eval', source];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  return JSON.parse(stdout) as Load;
}

it('keeps the space of new objects from growing, which it otherwise would', async () => {
  // How soon depends on when garbage is collected: on how busy the machine is.
  const free = await load('', 40_000);
  expect(free.youngBytes).toBeGreaterThan(limitBytes);
  const bound = `const { boundHeap } = await import('${module}'); boundHeap();`;
  const bounded = await load(bound, Math.max(4000, 2 * free.rounds));
  expect(bounded.youngBytes).toBeLessThanOrEqual(limitBytes);
});

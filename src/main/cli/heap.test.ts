import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';

const module = new URL('./heap.ts', import.meta.url).href;

/** In a process of its own: V8's flags are for all of it. Its limit is set high, whatever the machine has. */
async function youngBytesAfterLoad(program: string): Promise<number> {
  const source = `
    import { getHeapSpaceStatistics } from 'node:v8';
    const young = () => getHeapSpaceStatistics().find((it) => it.space_name === 'new_space').space_size;
    ${program}
    let [kept, most] = [[], 0];
    for (let turn = 0; turn < 4000; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      for (let index = 0; index < 1000; index += 1) kept.push({ turn, index });
      if (kept.length > 200_000) kept = [];
      most = Math.max(most, young());
    }
    console.log(most);`;
  const flags = ['--max-semi-space-size=64', '--input-type=module', '--eval', source];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  return Number(stdout);
}

it('keeps the space of new objects from growing, which it otherwise would', async () => {
  const bound = `const { boundHeap } = await import('${module}'); boundHeap();`;
  const [free, bounded] = await Promise.all([youngBytesAfterLoad(''), youngBytesAfterLoad(bound)]);
  expect(free).toBeGreaterThan(32 * MiB);
  expect(bounded).toBeLessThanOrEqual(32 * MiB);
});

/** Ranges from the memory and disk tiers, beside nginx with sendfile serving the same bytes in the same run. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatCount, KiB, MiB } from '#shared/units.ts';
import { ensureDebianPackages } from '../scripts/debian.ts';
import { startNginx } from './nginx.ts';
import { run, startSluiceServer } from './processes.ts';
import { ratio, type BenchOptions, type Table } from './table.ts';

const objectBytes = 48 * MiB;
const loads = [
  { rangeBytes: 8 * MiB, connections: 8 },
  { rangeBytes: 64 * KiB, connections: 16 },
] as const;
const tiers = {
  memory: ['--memory-budget', '256MiB', '--memory-cache', '128MiB', '--disk-cache', '0'],
  disk: ['--memory-budget', '256MiB', '--memory-cache', '0'],
} as const;

export async function benchRanges({ size }: BenchOptions): Promise<Table> {
  await ensureDebianPackages(['nginx-light', 'wrk'], 'the peer and the load of the ranges benchmark');
  const seconds = size === 'quick' ? 2 : 8;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const rows: string[][] = [];
  try {
    const body = randomBytes(objectBytes);
    await writeFile(join(folder, 'object'), body);
    await using nginx = await startNginx(folder, folder);
    for (const [tier, flags] of Object.entries(tiers)) {
      const dataDir = join(folder, tier);
      await using sluice = await startSluiceServer([
        '--store',
        `file://${folder}/store-${tier}`,
        '--data-dir',
        dataDir,
        ...flags,
      ]);
      const url = `${sluice.url}/api/v1/object/bench/object`;
      await fetch(url, { method: 'POST', body });
      await warm(url);
      for (const { rangeBytes, connections } of loads) {
        const script = await rangeScript(folder, rangeBytes);
        const peer = await load(`${nginx.url}/object`, script, connections, seconds);
        const ours = await load(url, script, connections, seconds);
        rows.push([
          `${formatBytes(rangeBytes)}, ${connections} connections`,
          tier,
          `${formatCount(Math.round(ours))}/s, ${formatBytes(ours * rangeBytes)}/s`,
          `${formatCount(Math.round(peer))}/s, ${formatBytes(peer * rangeBytes)}/s`,
          ratio(ours, peer),
        ]);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    title: `ranges: at random places of an object of ${formatBytes(objectBytes)}`,
    columns: ['ranges', 'tier', 'Sluice', 'nginx', 'Sluice ÷ nginx'],
    rows,
    note: 'Requests per second as wrk counts them, nginx and Sluice in turn; server and load share the machine.',
  };
}

/** Two whole reads bring the object into the tiers. */
async function warm(url: string): Promise<void> {
  for (let round = 0; round < 2; round += 1) await (await fetch(url)).arrayBuffer();
}

async function rangeScript(folder: string, rangeBytes: number): Promise<string> {
  const path = join(folder, `range-${rangeBytes}.lua`);
  await writeFile(
    path,
    `request = function()
  local start = math.random(0, ${objectBytes / rangeBytes - 1}) * ${rangeBytes}
  wrk.headers["Range"] = "bytes=" .. start .. "-" .. (start + ${rangeBytes} - 1)
  return wrk.format("GET")
end
`,
  );
  return path;
}

async function load(url: string, script: string, connections: number, seconds: number): Promise<number> {
  const output = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url]);
  if (/Non-2xx/.test(output)) throw new Error(`errors under load:\n${output}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
}

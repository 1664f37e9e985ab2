/** Ranges from the memory and disk tiers, beside nginx with sendfile serving the same bytes in the same run. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatCount, KiB, MiB } from '#shared/units.ts';
import { ensureDebianPackages } from '../scripts/debian.ts';
import { randomRanges, wrk } from './load.ts';
import { startNginx } from './nginx.ts';
import { startSluiceServer, type Server } from './processes.ts';
import { median, takeTurns } from './statistics.ts';
import { ratio, type BenchOptions, type Table } from './table.ts';

const objectBytes = 48 * MiB;
export const rangeLoads = [
  { rangeBytes: 8 * MiB, connections: 8 },
  { rangeBytes: 64 * KiB, connections: 16 },
] as const;
const tiers = {
  memory: ['--memory-budget', '256MiB', '--memory-cache', '128MiB', '--disk-cache', '0'],
  disk: ['--memory-budget', '256MiB', '--memory-cache', '0'],
} as const;
type Tier = keyof typeof tiers;

export async function benchRanges({ size }: BenchOptions): Promise<Table> {
  const seconds = size === 'quick' ? 2 : 8;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const figures = await measureRanges({ folder, seconds, rounds: 1, start: startSluiceServer });
    return {
      title: `ranges: at random places of an object of ${formatBytes(objectBytes)}`,
      columns: ['ranges', 'tier', 'Sluice', 'nginx', 'Sluice ÷ nginx'],
      rows: figures.map(({ rangeBytes, connections, tier, ours, peers }) => [
        `${formatBytes(rangeBytes)}, ${connections} connections`,
        tier,
        formatRanges(median(ours), rangeBytes),
        formatRanges(median(peers), rangeBytes),
        ratio(median(ours), median(peers)),
      ]),
      note: 'Requests per second as wrk counts them, nginx and Sluice in turn; server and load share the machine.',
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `522/s, 4.08 GiB/s` */
export function formatRanges(perSecond: number, rangeBytes: number): string {
  return `${formatCount(Math.round(perSecond))}/s, ${formatBytes(perSecond * rangeBytes)}/s`;
}

export interface RangePlan {
  readonly folder: string;
  /** Of one load of one server. */
  readonly seconds: number;
  readonly rounds: number;
  readonly start: (flags: readonly string[]) => Promise<Server>;
}

/** Requests per second of each round, from one tier with one load. */
export interface RangeFigures {
  readonly tier: Tier;
  readonly rangeBytes: number;
  readonly connections: number;
  readonly ours: readonly number[];
  readonly peers: readonly number[];
}

export async function measureRanges(plan: RangePlan): Promise<readonly RangeFigures[]> {
  await ensureDebianPackages(['nginx-light', 'wrk'], 'the peer and the load of the ranges benchmark');
  const body = randomBytes(objectBytes);
  await writeFile(join(plan.folder, 'object'), body);
  await using nginx = await startNginx(plan.folder, plan.folder);
  const figures: RangeFigures[] = [];
  for (const tier of Object.keys(tiers) as Tier[]) {
    await using sluice = await startWarm(plan, tier, body);
    for (const { rangeBytes, connections } of rangeLoads) {
      const load = (url: string) => () => rangesPerSecond(url, rangeBytes, connections, plan);
      const variants = { peers: load(`${nginx.url}/object`), ours: load(sluice.objectUrl) };
      figures.push({ tier, rangeBytes, connections, ...(await takeTurns(plan.rounds, variants)) });
    }
  }
  return figures;
}

export interface WarmServer extends Server {
  readonly objectUrl: string;
}

/** A Sluice that has an object of its own in `tier`. */
export async function startWarm(
  { folder, start }: Pick<RangePlan, 'folder' | 'start'>,
  tier: Tier,
  body: Uint8Array<ArrayBuffer> = randomBytes(objectBytes),
): Promise<WarmServer> {
  const places = ['--store', `file://${folder}/store-${tier}`, '--data-dir', join(folder, tier)];
  const server = await start([...places, ...tiers[tier]]);
  const objectUrl = `${server.url}/api/v1/object/bench/object`;
  await fetch(objectUrl, { method: 'POST', body });
  // Two whole reads bring the object into the tiers.
  for (let round = 0; round < 2; round += 1) await (await fetch(objectUrl)).arrayBuffer();
  return { ...server, objectUrl };
}

/** Random ranges of the object at `url`. */
export async function rangesPerSecond(
  url: string,
  rangeBytes: number,
  connections: number,
  { folder, seconds }: Pick<RangePlan, 'folder' | 'seconds'>,
): Promise<number> {
  const script = randomRanges(objectBytes, rangeBytes);
  return (await wrk({ url, script, folder, connections, seconds })).requestsPerSecond;
}

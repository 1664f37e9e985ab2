/**
 * The engine beside its peers, as one table. Each scenario measures itself and its peer in turn, in the same run;
 * what it needs it starts and ends, so that any of them can be run alone.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import { anyCredentials, startServer, startSluiceServer } from '../processes.ts';
import type { BenchOptions, Table } from '../table.ts';
import { budgetCurve } from './budgets.ts';
import { coalescing } from './coalescing.ts';
import { concurrency } from './concurrency.ts';
import { hedging } from './hedging.ts';
import { profilerFlags, summarizeProfiles } from './profile.ts';
import type { Bench, Row, Scenario } from './row.ts';
import { slowClients } from './slow-clients.ts';
import { smallReads } from './small-reads.ts';
import { besideStalled } from './stalled-clients.ts';
import { tierRanges } from './tiers.ts';
import type { TunedSettings } from './tuned-server.ts';
import { watched } from './watched.ts';
import { wholeObject } from './whole-object.ts';

const scenarios: readonly Scenario[] = [
  { name: 'whole-object', run: wholeObject },
  { name: 'tiers', run: tierRanges },
  { name: 'coalescing', run: coalescing },
  { name: 'slow-clients', run: slowClients },
  { name: 'stalled-clients', run: besideStalled },
  { name: 'small-reads', run: smallReads },
  { name: 'hedging', run: hedging },
  { name: 'concurrency', run: concurrency },
  { name: 'budgets', run: budgetCurve },
  { name: 'watched', run: watched },
];

/** For `--only`. */
export const engineScenarios: readonly string[] = scenarios.map(({ name }) => name);

/** The same on every machine; a scenario's own flags win. */
const budget = ['--memory-budget', '256MiB'] as const;
const tunedServer = new URL('tuned-server.ts', import.meta.url).pathname;

/** A scenario that fails is a row that says so; the others go on, and the exit code is 1. */
export async function benchEngine(options: BenchOptions): Promise<Table> {
  const { only = engineScenarios } = options;
  const rows: Row[] = [];
  for (const scenario of scenarios.filter(({ name }) => only.includes(name))) {
    const startedAt = performance.now();
    const measured = await runScenario(scenario, options);
    rows.push(...measured);
    console.error(`${scenario.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    // At once, so that a run that is broken off has not measured for nothing.
    for (const row of measured) console.error(`  ${describeRow(row)}`);
  }
  const notes = rows.flatMap(({ scenario, note }) => (note === undefined ? [] : [`- ${scenario}: ${note}.`]));
  return {
    title: `engine${options.size === 'quick' ? ', quick: not for quoting' : ''}`,
    columns: ['scenario', 'Sluice', 'peer', 'ratio', 'to reach', 'reached?'],
    rows: rows.map(({ scenario, sluice, peer, verdict }) => [
      scenario,
      sluice,
      peer,
      verdict.ratio,
      verdict.toReach,
      verdict.reached,
    ]),
    note: ['The budget is 256 MiB where none is named.', '', ...notes].join('\n'),
  };
}

function describeRow({ scenario, sluice, peer, verdict, note = '' }: Row): string {
  return [scenario, sluice, peer, verdict.ratio, verdict.toReach, verdict.reached, note].join(' | ');
}

async function runScenario(scenario: Scenario, options: BenchOptions): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const profiles = join(folder, 'profiles');
  await mkdir(profiles);
  try {
    const rows = await scenario.run(benchIn(folder, options.profile ? profilerFlags(profiles) : [], options));
    if (options.profile) console.log(`\nProfile of ${scenario.name}:\n${await summarizeProfiles(profiles)}`);
    return rows;
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
    return [failedRow(scenario, error)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failedRow({ name }: Scenario, error: unknown): Row {
  const verdict = { ratio: '–', toReach: '–', reached: 'no' } as const;
  const note = `it failed: ${messageOf(error).split('\n')[0]}`;
  return { scenario: name, sluice: 'FAILED', peer: '–', verdict, note };
}

function benchIn(folder: string, nodeFlags: readonly string[], { size, length }: BenchOptions): Bench {
  return {
    size,
    length: length ?? 'prefix',
    folder,
    startSluice: (flags) => startSluiceServer([...budget, ...flags], anyCredentials, nodeFlags),
    startTuned: ({ flags, tuning }) => {
      const settings: TunedSettings = { flags: [...budget, ...flags], tuning };
      const program = [tunedServer, JSON.stringify(settings)];
      return startServer(process.execPath, [...nodeFlags, ...program], anyCredentials);
    },
  };
}

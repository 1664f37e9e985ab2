/**
 * `npm run bench`: what Sluice does beside a peer in the same run, printed as a table. Figures, not assertions: they
 * depend on the machine, so compare ratios. `npm run bench -- --help` lists the scenarios.
 */
import { parseArgs } from 'node:util';
import { cpus, totalmem } from 'node:os';
import { formatBytes } from '#shared/units.ts';
import { benchEngine, engineScenarios } from './engine/engine.ts';
import { benchConsole } from './console.ts';
import { benchFetch } from './fetch.ts';
import { benchMemory } from './memory.ts';
import { benchRanges } from './ranges.ts';
import { benchRestore } from './restore.ts';
import { storeKinds } from './restore/store.ts';
import { printTable, type Table } from './table.ts';

const scenarios = {
  memory: benchMemory,
  ranges: benchRanges,
  fetch: benchFetch,
  engine: benchEngine,
  restore: benchRestore,
  console: benchConsole,
} as const;
type ScenarioName = keyof typeof scenarios;

const help = `Usage: npm run bench [-- SCENARIO…] [--quick]

Scenarios (all when none is named):
  memory   slow clients, each with its own object: peak ledger and RSS, every hash checked; and the same load with
           an unbounded fetcher
  ranges   8 MiB and 64 KiB ranges from the memory and disk tiers, beside nginx with the same file
  fetch    a cold object from S3 through Sluice, beside curl from the same S3
  engine   the engine beside nginx, a pipe in Node and itself; --only names some of its rows:
           ${engineScenarios.slice(0, 6).join(', ')},
           ${engineScenarios.slice(6).join(', ')}
  restore  sluice restore beside git clone over HTTP, of a Debian source package of more than 1 GB with commits on
           top: time, memory and processor of both ends. Makes and keeps the repository the first time; takes
           20 GB of disk meanwhile
  console  a console left open for ten minutes beside a thousand requests a second: its memory and its scripts

Options:
  --quick      smaller and shorter: to see that it runs, not to quote figures
  --only NAME  of the engine's rows, this one; may be given again
  --whole      the engine's slow clients read their objects to the end, which takes 17 minutes
  --profile    prints where the time went in the servers of the engine's rows
  --store KIND where restore has its snapshots: ${storeKinds.join(' or ')} (default ceph)
`;

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    whole: { type: 'boolean' },
    profile: { type: 'boolean' },
    store: { type: 'string', default: 'ceph' },
    help: { type: 'boolean', short: 'h' },
  },
});
const unknown = positionals.find((name) => !isScenario(name));
const store = storeKinds.find((kind) => kind === values.store);
const unknownRow = values.only?.find((name) => !engineScenarios.includes(name));
if (values.help) {
  process.stdout.write(help);
} else if (unknown !== undefined) {
  process.stderr.write(`scenario ${unknown}: allowed are ${Object.keys(scenarios).join(', ')}\n`);
  process.exitCode = 2;
} else if (unknownRow !== undefined) {
  process.stderr.write(`--only ${unknownRow}: allowed are ${engineScenarios.join(', ')}\n`);
  process.exitCode = 2;
} else if (store === undefined) {
  process.stderr.write(`--store ${values.store}: allowed are ${storeKinds.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, ${formatBytes(totalmem())}, ${new Date().toISOString().slice(0, 10)}`,
  );
  const names =
    positionals.length > 0 ? positionals.filter(isScenario) : (Object.keys(scenarios) as ScenarioName[]);
  for (const name of names) {
    const table: Table = await scenarios[name]({
      size: values.quick ? 'quick' : 'full',
      length: values.whole ? 'whole' : 'prefix',
      only: values.only,
      profile: values.profile ? 'profiled' : undefined,
      store,
    });
    printTable(table);
  }
}

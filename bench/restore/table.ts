/** What was measured, as a table: a row for each figure, a column for each way. */
import { formatBytes, MiB } from '#shared/units.ts';
import { median, spreadNote } from '../statistics.ts';
import { ratio, type Table } from '../table.ts';
import type { ProgramUsage, Usage } from './usage.ts';

/** One restore or clone. */
export interface Turn {
  readonly seconds: number;
  /** Of the first `git status` after it. */
  readonly statusSeconds: number;
  readonly client: Usage;
  readonly server: Usage;
}

type Turns = Readonly<Record<'cold' | 'warm' | 'clone', readonly Turn[]>>;

interface Figure {
  readonly name: string;
  readonly of: (turn: Turn) => number;
  readonly format: (value: number) => string;
}

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const figures: readonly Figure[] = [
  { name: 'time', of: (turn) => turn.seconds, format: seconds },
  {
    name: 'and the first git status',
    of: (turn) => turn.seconds + turn.statusSeconds,
    format: seconds,
  },
  ...(['client', 'server'] as const).flatMap((end) => [
    { name: `CPU, ${end}`, of: (turn: Turn) => turn[end].cpuSeconds, format: seconds },
    { name: `peak RSS, ${end}`, of: (turn: Turn) => turn[end].peakRssBytes, format: formatBytes },
    {
      name: 'of it no mapped files',
      of: (turn: Turn) => turn[end].peakAnonymousBytes,
      format: formatBytes,
    },
  ]),
];

export function restoreTable(
  turns: Turns,
  { title, snapshot }: { readonly title: string; readonly snapshot: string },
): Table {
  return {
    title,
    columns: [
      '',
      'restore, cold server',
      'restore, warm server',
      'git clone',
      'clone ÷ cold',
      'clone ÷ warm',
    ],
    rows: figures.map(({ name, of, format }) => {
      const [cold, warm, clone] = [turns.cold.map(of), turns.warm.map(of), turns.clone.map(of)];
      const text = (values: readonly number[]): string => format(median(values)) + spreadNote(values);
      const against = (values: readonly number[]): string => ratio(median(clone), median(values));
      return [name, text(cold), text(warm), text(clone), against(cold), against(warm)];
    }),
    note: `Above 1 × Sluice takes less. ${snapshot}
Every result had the right HEAD and a clean \`git status\`; \`git fsck\` passed in the first of each.
Cold: a server that has just started, with a mirror and empty caches. The store's own processes are not counted, and
loopback has no limit: on a slow link the sizes decide.

High-water mark of each program's largest process, and its CPU: ${programs(turns)}.`,
  };
}

function programs({ cold, warm, clone }: Turns): string {
  const restores = [...cold, ...warm];
  const ends = {
    restore: restores.map(({ client }) => client),
    'its server': restores.map(({ server }) => server),
    'git clone': clone.map(({ client }) => client),
    'its server ': clone.map(({ server }) => server),
  };
  return Object.entries(ends)
    .map(([name, usages]) => `${name.trim()}: ${largest(usages)}`)
    .join('; ');
}

/** `node 180 MiB and 12.1 s, tar 3.1 MiB and 8.0 s`: those that matter. */
function largest(usages: readonly Usage[]): string {
  const byProgram = new Map<string, ProgramUsage[]>();
  for (const usage of usages)
    for (const [name, figures] of usage.byProgram)
      byProgram.set(name, [...(byProgram.get(name) ?? []), figures]);
  return [...byProgram]
    .map(([name, figures]) => ({
      name,
      bytes: Math.max(...figures.map(({ highBytes }) => highBytes)),
      cpu: median(figures.map(({ cpuSeconds }) => cpuSeconds)),
    }))
    .filter(({ bytes, cpu }) => bytes > 16 * MiB || cpu > 0.5)
    .toSorted((a, b) => b.cpu - a.cpu)
    .map(({ name, bytes, cpu }) => `${name} ${formatBytes(bytes)} and ${seconds(cpu)}`)
    .join(', ');
}

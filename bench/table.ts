/** A table of figures as Markdown, so that a run can be kept as it was printed. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What to know when reading it. */
  readonly note: string;
}

export function printTable({ title, columns, rows, note }: Table): void {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  console.log(`\n## ${title}\n`);
  console.log(line(columns));
  console.log(line(widths.map((width) => '-'.repeat(width))));
  for (const row of rows) console.log(line(row));
  console.log(`\n${note}`);
}

export function ratio(value: number, peer: number): string {
  return `${(value / peer).toFixed(2)} ×`;
}

/** How large a scenario is run: `quick` shows that it works, only `full` gives figures. */
export interface BenchOptions {
  readonly size: 'full' | 'quick';
  /** Of the engine's scenarios, these. */
  readonly only?: readonly string[] | undefined;
  /** Whether long transfers are read to their end; without, for a while. */
  readonly length?: 'whole' | 'prefix';
  /** Whether to print where the server's time went. */
  readonly profile?: 'profiled' | undefined;
  /** Where `restore` has its snapshots. */
  readonly store?: 'ceph' | 'file';
}

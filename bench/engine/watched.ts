/** The same load with nobody looking, and with a console open and a scrape of `/metrics` each second. */
import { formatBytes } from '#shared/units.ts';
import { figuresOf, startServer } from '../processes.ts';
import { formatRanges, rangeLoads, rangesPerSecond, startWarm } from '../ranges.ts';
import { median, spreadNote, takeTurns } from '../statistics.ts';
import { atLeast, type Bench, type Row } from './row.ts';

const consoleClient = new URL('console-client.ts', import.meta.url).pathname;

export async function watched(bench: Bench): Promise<readonly Row[]> {
  const quick = bench.size === 'quick';
  const seconds = quick ? 2 : 6;
  await using sluice = await startWarm({ folder: bench.folder, start: bench.startSluice }, 'memory');
  const rows: Row[] = [];
  for (const { rangeBytes, connections } of rangeLoads) {
    const load = async (): Promise<Figures> => {
      const before = (await figuresOf(sluice.pid)).cpuSeconds;
      const plan = { folder: bench.folder, seconds };
      const perSecond = await rangesPerSecond(sluice.objectUrl, rangeBytes, connections, plan);
      const cpuSeconds = (await figuresOf(sluice.pid)).cpuSeconds - before;
      return { perSecond, cpuPerRequest: cpuSeconds / (perSecond * seconds) };
    };
    await load();
    const { closed, open } = await takeTurns(quick ? 3 : 7, {
      closed: load,
      open: async () => {
        await using _console = await startServer(process.execPath, [consoleClient, sluice.url]);
        using _scrapes = scrapeEachSecond(sluice.url);
        return load();
      },
    });
    const rate = (figures: readonly Figures[]): readonly number[] => figures.map((it) => it.perSecond);
    const cpu = (figures: readonly Figures[]): number => median(figures.map((it) => it.cpuPerRequest));
    rows.push({
      scenario: `telemetry and console open / closed, ${formatBytes(rangeBytes)} ranges from memory`,
      sluice: `open ${formatRanges(median(rate(open)), rangeBytes)}${spreadNote(rate(open))}`,
      peer: `closed ${formatRanges(median(rate(closed)), rangeBytes)}${spreadNote(rate(closed))}`,
      verdict: atLeast(0.97, median(rate(open)), median(rate(closed))),
      note: `medians of ${open.length}; Sluice's own CPU time a request is ${(cpu(open) / cpu(closed)).toFixed(2)} × (the console and the scrapes also take theirs from the same cores)`,
    });
  }
  return rows;
}

interface Figures {
  readonly perSecond: number;
  readonly cpuPerRequest: number;
}

function scrapeEachSecond(url: string): Disposable {
  const scrape = async (): Promise<void> => void (await (await fetch(`${url}/metrics`)).text());
  const timer = setInterval(() => void scrape(), 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

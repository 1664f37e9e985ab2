/** One client reads a whole cold object: through Sluice, through nginx as a proxy, through a pipe in Node. */
import { formatBytes, formatDuration, GiB, MiB } from '#shared/units.ts';
import { timeCurl, type CurlTimes } from '../load.ts';
import { anyCredentials, figuresOf, startServer, type Server } from '../processes.ts';
import { median, spreadNote, takeTurns } from '../statistics.ts';
import { numbered, pathInBucket, pathInSluice, randomContent, startBucket, startProxy } from './bucket.ts';
import { atLeast, atMost, megabytesPerSecond, type Bench, type Row } from './row.ts';

const pipeServer = new URL('pipe-server.ts', import.meta.url).pathname;

export async function wholeObject(bench: Bench): Promise<readonly Row[]> {
  const objectBytes = bench.size === 'quick' ? 128 * MiB : GiB;
  const rounds = 5;
  await using bucket = await startBucket(bench.folder);
  // The last one is for warming up.
  const names = numbered('whole', rounds + 1);
  await bucket.add(await randomContent(bench.folder, objectBytes), names);
  await using nginx = await startProxy(bench.folder, bucket.url, 'default');
  await using largeNginx = await startProxy(bench.folder, bucket.url, 'large');
  await using pipe = await startServer(process.execPath, [pipeServer, bucket.url], anyCredentials);
  await using sluice = await bench.startSluice(bucket.flags);
  const read = (server: Server, path: (name: string) => string) => (round: number) =>
    measured(server, `${server.url}${path(names[round] ?? '')}`, objectBytes);
  const variants = {
    sluice: read(sluice, pathInSluice),
    nginx: read(nginx, pathInBucket),
    largeNginx: read(largeNginx, pathInBucket),
    pipe: read(pipe, pathInBucket),
  };
  for (const warmUp of Object.values(variants)) await warmUp(rounds);
  const figures = await takeTurns(rounds, variants);
  return rowsOf(`one client, whole cold object of ${formatBytes(objectBytes)}`, objectBytes, figures);
}

interface Reading extends CurlTimes {
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
}

async function measured(server: Server, url: string, objectBytes: number): Promise<Reading> {
  const before = await figuresOf(server.pid);
  const times = await timeCurl([url], objectBytes);
  const after = await figuresOf(server.pid);
  return { ...times, cpuSeconds: after.cpuSeconds - before.cpuSeconds, peakRssBytes: after.peakRssBytes };
}

function rowsOf(
  scenario: string,
  objectBytes: number,
  figures: Readonly<Record<'sluice' | 'nginx' | 'largeNginx' | 'pipe', readonly Reading[]>>,
): readonly Row[] {
  const summary = (readings: readonly Reading[]) => {
    const rates = readings.map(({ seconds }) => objectBytes / seconds);
    const cpu = readings.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
    return {
      rate: median(rates),
      text: megabytesPerSecond(median(rates)) + spreadNote(rates),
      cpuPerGigabyte: cpu / readings.length / (objectBytes / 1e9),
      firstByte: formatDuration(median(readings.map(({ firstByteSeconds }) => firstByteSeconds)) * 1000),
      peakRss: formatBytes(Math.max(...readings.map(({ peakRssBytes }) => peakRssBytes))),
    };
  };
  const [sluice, pipe] = [summary(figures.sluice), summary(figures.pipe)];
  const [nginx, largeNginx] = [summary(figures.nginx), summary(figures.largeNginx)];
  const note =
    `medians of ${figures.sluice.length}; first byte after ${sluice.firstByte} (nginx ${nginx.firstByte}, ` +
    `pipe ${pipe.firstByte}); peak RSS ${sluice.peakRss} (pipe ${pipe.peakRss})`;
  const cpu = (value: number): string => `${value.toFixed(2)} CPU-s/GB`;
  return [
    {
      scenario,
      sluice: sluice.text,
      peer: `nginx proxy_pass ${nginx.text}`,
      verdict: atLeast(0.8, sluice.rate, nginx.rate),
      note,
    },
    {
      scenario,
      sluice: sluice.text,
      peer: `nginx proxy_pass with buffers of 64 KiB ${largeNginx.text}`,
      verdict: atLeast(0.8, sluice.rate, largeNginx.rate),
    },
    {
      scenario,
      sluice: sluice.text,
      peer: `client-s3 Body.pipe(res) ${pipe.text}`,
      verdict: atLeast(3, sluice.rate, pipe.rate),
    },
    {
      scenario: 'its CPU time',
      sluice: cpu(sluice.cpuPerGigabyte),
      peer: `client-s3 Body.pipe(res) ${cpu(pipe.cpuPerGigabyte)}`,
      verdict: atMost(0.35, sluice.cpuPerGigabyte, pipe.cpuPerGigabyte),
    },
  ];
}

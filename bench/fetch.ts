/** A cold object from a real S3 server through Sluice, beside curl from the same server, in turn. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectKey } from '#main/http/names.ts';
import { formatBytes, MiB } from '#shared/units.ts';
import { startCeph } from '../scripts/ceph.ts';
import { figuresOf, run, startSluiceServer } from './processes.ts';
import { ratio, type BenchOptions, type Table } from './table.ts';

export async function benchFetch({ size }: BenchOptions): Promise<Table> {
  const objectBytes = size === 'quick' ? 64 * MiB : 512 * MiB;
  const rounds = size === 'quick' ? 1 : 5;
  const ceph = await startCeph();
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const { endpoint, accessKeyId, secretAccessKey } = ceph;
    // Debian's curl leaves this field to its user; the gateway wants it signed.
    const unsigned = ['-H', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'];
    const user = `${accessKeyId}:${secretAccessKey}`;
    const sign = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', user, ...unsigned];
    await run('curl', ['-sf', '-X', 'PUT', ...sign, `${endpoint}/bench`]);
    const flags = [
      '--store',
      's3://bench',
      '--s3-endpoint',
      endpoint,
      '--s3-path-style',
      '--s3-region',
      'us-east-1',
    ];
    const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    await using sluice = await startSluiceServer(
      [...flags, '--data-dir', dataDir, '--disk-cache', '0'],
      credentials,
    );
    const url = `${sluice.url}/api/v1/object/bench/object`;
    await fetch(url, { method: 'POST', body: randomBytes(objectBytes) });
    const ours: number[] = [];
    const peers: number[] = [];
    const cpuBefore = (await figuresOf(sluice.pid)).cpuSeconds;
    for (let round = 0; round < rounds; round += 1) {
      await fetch(`${url}/invalidate`, { method: 'POST' });
      ours.push(await timeCurl([url], objectBytes));
      peers.push(await timeCurl([...sign, `${endpoint}/bench/${objectKey('bench', 'object')}`], objectBytes));
    }
    const cpu = ((await figuresOf(sluice.pid)).cpuSeconds - cpuBefore) / ((objectBytes * rounds) / 1e9);
    return {
      title: `fetch: a cold object of ${formatBytes(objectBytes)} from Ceph's S3 gateway, median of ${rounds}`,
      columns: ['through Sluice', 'curl from S3', 'Sluice ÷ curl', 'CPU of Sluice'],
      rows: [
        [
          `${formatBytes(objectBytes / median(ours))}/s`,
          `${formatBytes(objectBytes / median(peers))}/s`,
          ratio(median(peers), median(ours)),
          `${cpu.toFixed(2)} s/GB`,
        ],
      ],
      note: 'Speed ratio: above 1 × Sluice, with its parallel ranged GETs, is faster than one curl.',
    };
  } finally {
    await ceph.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Seconds that curl takes for the whole object. */
async function timeCurl(args: readonly string[], expectedBytes: number): Promise<number> {
  const output = await run('curl', [
    '-sf',
    '-o',
    '/dev/null',
    '-w',
    '%{time_total} %{size_download}',
    ...args,
  ]);
  const [seconds, bytes] = output.split(' ').map(Number);
  if (bytes !== expectedBytes || seconds === undefined)
    throw new Error(`curl got ${bytes} of ${expectedBytes} bytes`);
  return seconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

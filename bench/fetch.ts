/** A cold object from a real S3 server through Sluice, beside curl from the same server, in turn. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectKey } from '#main/http/names.ts';
import { formatBytes, MiB } from '#shared/units.ts';
import { startCeph } from '../scripts/ceph.ts';
import { timeCurl } from './load.ts';
import { bucketFlags, figuresOf, run, startSluiceServer } from './processes.ts';
import { median } from './statistics.ts';
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
    const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    await using sluice = await startSluiceServer(
      [...bucketFlags(endpoint), '--data-dir', dataDir, '--disk-cache', '0'],
      credentials,
    );
    const url = `${sluice.url}/api/v1/object/bench/object`;
    await fetch(url, { method: 'POST', body: randomBytes(objectBytes) });
    const ours: number[] = [];
    const peers: number[] = [];
    const cpuBefore = (await figuresOf(sluice.pid)).cpuSeconds;
    for (let round = 0; round < rounds; round += 1) {
      await fetch(`${url}/invalidate`, { method: 'POST' });
      ours.push((await timeCurl([url], objectBytes)).seconds);
      const peer = `${endpoint}/bench/${objectKey('bench', 'object')}`;
      peers.push((await timeCurl([...sign, peer], objectBytes)).seconds);
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

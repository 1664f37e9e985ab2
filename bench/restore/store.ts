/** Where the snapshots of the benchmark are: a bucket of Ceph's gateway, or a folder. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cephPackages, startCeph } from '../../scripts/ceph.ts';
import { ensureDebianPackages } from '../../scripts/debian.ts';
import { bucketFlags, run } from '../processes.ts';

export const storeKinds = ['ceph', 'file'] as const;
export type StoreKind = (typeof storeKinds)[number];

export interface SnapshotStore extends AsyncDisposable {
  readonly description: string;
  /** Of `serve`. */
  readonly flags: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** An empty store; a folder is made below `folder`. */
export async function openSnapshotStore(kind: StoreKind, folder: string): Promise<SnapshotStore> {
  if (kind === 'ceph') return openCeph();
  const path = join(folder, 'store');
  await mkdir(path);
  return {
    description: 'a file store',
    flags: ['--store', pathToFileURL(path).href],
    env: {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openCeph(): Promise<SnapshotStore> {
  await ensureDebianPackages([...cephPackages, 'curl'], 'the S3 server that the snapshots are in');
  const gateway = await startCeph();
  const { endpoint, accessKeyId, secretAccessKey } = gateway;
  // Debian's curl leaves this field to its user; the gateway wants it signed.
  const unsigned = ['-H', 'x-amz-content-sha256: UNSIGNED-PAYLOAD'];
  const sign = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', `${accessKeyId}:${secretAccessKey}`];
  await run('curl', ['-sf', '-X', 'PUT', ...sign, ...unsigned, `${endpoint}/bench`]);
  return {
    description: "Ceph's S3 gateway",
    flags: bucketFlags(endpoint),
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    [Symbol.asyncDispose]: () => gateway.stop(),
  };
}

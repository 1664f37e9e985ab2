/** `npm run test:ceph`: the S3 store against a real S3 server, Ceph's gateway, which is started and stopped here. */
import { join } from 'node:path';
import { cephPackages, startCeph } from './ceph.ts';
import { ensureDebianPackages } from './debian.ts';
import { root, run, say } from './process.ts';

export async function main(): Promise<void> {
  await ensureDebianPackages(cephPackages, "the tests against Ceph's S3 gateway");
  // So that what is to happen at exit happens then, too.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  say("Starting Ceph's S3 gateway …");
  const gateway = await startCeph();
  try {
    process.exitCode = await run(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.ceph.config.ts'],
      {
        env: {
          ...process.env,
          SLUICE_TEST_S3_ENDPOINT: gateway.endpoint,
          AWS_ACCESS_KEY_ID: gateway.accessKeyId,
          AWS_SECRET_ACCESS_KEY: gateway.secretAccessKey,
        },
      },
    );
  } finally {
    await gateway.stop();
  }
}

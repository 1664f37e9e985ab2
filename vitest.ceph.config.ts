import { defineConfig } from 'vitest/config';
import { compileCache } from './scripts/compile-cache.ts';
import { vitestReporters } from './scripts/test-report.ts';

/** Tests that need a real S3 server; `npm run test:ceph` starts one and says where it is. */
export default defineConfig({
  test: {
    reporters: vitestReporters('ceph'),
    include: ['src/**/*.ceph.ts'],
    // The machine may be busy: only what hangs takes as long.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // They wait for the gateway and for leases to run out more than they compute. Each file has buckets of its own.
    maxWorkers: 2,
    env: compileCache,
  },
});

import { defineConfig } from 'vitest/config';

/** Tests that need a real S3 server; `npm run test:ceph` starts one and says where it is. */
export default defineConfig({
  test: {
    include: ['src/**/*.ceph.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

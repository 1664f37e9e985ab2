import { defineConfig } from 'vitest/config';
import { compileCache } from './scripts/compile-cache.ts';
import { vitestReporters } from './scripts/test-report.ts';

export default defineConfig({
  test: {
    reporters: vitestReporters('unit'),
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    env: compileCache,
  },
});

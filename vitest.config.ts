import { configDefaults, defineConfig } from 'vitest/config';
import { compileCache } from './scripts/compile-cache.ts';
import { vitestReporters } from './scripts/test-report.ts';

/** What is pure, and small: many of these files together take as long as one process takes to start. */
const pure = ['src/{renderer,shared}/**/*.test.{ts,tsx}', 'src/main/{checksum,config,http}/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: vitestReporters('unit'),
    // The machine may be busy: only what hangs takes as long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // More than two cores: each waits for a fifth of its time.
    maxWorkers: 3,
    env: compileCache,
    projects: [
      {
        extends: true,
        test: {
          name: 'each alone',
          include: ['src/main/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...pure],
        },
      },
      // Several in one process: nothing of one is seen by the next, but what both import.
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
    ],
  },
});

/** What the test runners say they did, read from their own reports. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** vitest's JSON report. A file that could not even be loaded has no tests in it: it counts as one that failed. */
const vitestReport = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
  })
  .transform(({ numPassedTests, numFailedTests, testResults }): Counts => {
    const unloadable = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    return { passed: numPassedTests, failed: numFailedTests + unloadable.length };
  });

/** Playwright's. `errors` are failures outside of any test. A flaky test is one that failed. */
const playwrightReport = z
  .object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
    errors: z.array(z.unknown()),
  })
  .transform(({ stats, errors }): Counts => {
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
  });

/** Where the runners leave their reports when `npm test` runs them; absent when somebody runs them alone. */
export const reportsDirectory = process.env['SLUICE_TEST_REPORTS'];

/** For a vitest configuration: as usual, and under `npm test` also a report as NAME.json. */
export function vitestReporters(name: string) {
  if (reportsDirectory === undefined) return ['default' as const];
  return [
    'default' as const,
    ['json' as const, { outputFile: join(reportsDirectory, `${name}.json`) }] as const,
  ];
}

/** The sum of all reports in `directory`; what no runner reported is not counted. */
export async function sumReports(directory: string): Promise<Counts> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
  const counts = await Promise.all(names.map((name) => readReport(join(directory, name))));
  return counts.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    {
      passed: 0,
      failed: 0,
    },
  );
}

async function readReport(file: string): Promise<Counts> {
  return z.union([vitestReport, playwrightReport]).parse(JSON.parse(await readFile(file, 'utf8')));
}

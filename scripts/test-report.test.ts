import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sumReports } from './test-report.ts';

const loaded = { status: 'passed', assertionResults: [{}] };
const unloadable = { status: 'failed', assertionResults: [] };

describe('sumReports', () => {
  it.each([
    { name: 'nothing reported', reports: [], counts: { passed: 0, failed: 0 } },
    {
      name: 'vitest: a file that could not be loaded counts as failed',
      reports: [{ numPassedTests: 7, numFailedTests: 1, testResults: [loaded, unloadable] }],
      counts: { passed: 7, failed: 2 },
    },
    {
      name: 'Playwright: a flaky test and an error outside of tests count as failed',
      reports: [{ stats: { expected: 5, unexpected: 2, flaky: 1 }, errors: [{}] }],
      counts: { passed: 5, failed: 4 },
    },
    {
      name: 'the sum of both',
      reports: [
        { numPassedTests: 7, numFailedTests: 0, testResults: [loaded] },
        { stats: { expected: 5, unexpected: 0, flaky: 0 }, errors: [] },
      ],
      counts: { passed: 12, failed: 0 },
    },
  ])('$name', async ({ reports, counts }) => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-reports-'));
    for (const [index, report] of reports.entries()) {
      await writeFile(join(directory, `${index}.json`), JSON.stringify(report));
    }
    expect(await sumReports(directory)).toEqual(counts);
    await rm(directory, { recursive: true });
  });

  it('refuses a report that it does not understand', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-reports-'));
    await writeFile(join(directory, 'strange.json'), '{"tests":12}');
    await expect(sumReports(directory)).rejects.toThrow(/numPassedTests/);
    await rm(directory, { recursive: true });
  });
});

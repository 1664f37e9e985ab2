/**
 * `npm test`: everything, in the order in which a mistake is cheapest to find. Stops at the first step that fails.
 * The last line sums up what the test runners reported.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatDuration } from '#shared/units.ts';
import { ensureDebianPackages } from './debian.ts';
import { root, run } from './process.ts';
import { sumReports } from './test-report.ts';

interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...arguments_: string[]];
}

/** For Electron and Chromium under Xvfb, for unpacking the test host, an origin, pprof's own tool, and what it runs. */
const packages = [
  'chromium',
  'curl',
  'fonts-dejavu-core',
  'git',
  'golang-go',
  'libasound2',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libgbm1',
  'libgtk-3-0',
  'libnss3',
  'libxss1',
  'libxtst6',
  'nginx-light',
  'openssl',
  'procps',
  'unzip',
  'xauth',
  'xvfb',
  'zstd',
  'git-lfs',
];

/** The runners leave their reports here, as NAME.json. */
const reports = join(root, '.cache/reports');

const script = (name: string): Step['command'] => ['npm', 'run', '--silent', name];

/** One after the other; those in one list at the same time. */
const steps: readonly (readonly Step[])[] = [
  // One of them keeps one core busy, the others together the other.
  [
    { name: 'format', command: script('check:format') },
    { name: 'lint', command: script('check:lint') },
    { name: 'types', command: script('check:types') },
    { name: 'unused code', command: script('check:unused') },
  ],
  [{ name: 'unit, property, contract and HTTP tests', command: script('check:unit') }],
  [{ name: 'build, and how heavy it is', command: script('check:size') }],
  [{ name: 'end to end, in Electron and Chromium', command: script('test:e2e') }],
  // Both wait more than they compute: for slow clients, for the gateway, for leases to run out.
  [
    { name: 'soak of a minute', command: script('soak') },
    { name: "S3 store against Ceph's gateway", command: script('test:ceph') },
  ],
];

export async function main(): Promise<void> {
  await ensureDebianPackages(packages, 'the tests');
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const times: string[] = [];
  const failed = await runSteps(times);
  process.stdout.write(`\n${times.join('\n')}\n`);
  if (failed) process.stdout.write(`\nStopped: ${failed} failed.\n`);
  const counts = await sumReports(reports);
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  process.exitCode = failed || counts.failed > 0 ? 1 : 0;
}

/** Gives the name of the step that failed. */
async function runSteps(times: string[]): Promise<string | undefined> {
  for (const together of steps) {
    process.stdout.write(`\n── ${together.map(({ name }) => name).join(' · ')} ──\n`);
    const outcomes = await Promise.all(together.map((step) => runStep(step, times)));
    const failed = outcomes.find((name) => name !== undefined);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** Gives the step's name when it failed. */
async function runStep({ name, command }: Step, times: string[]): Promise<string | undefined> {
  const startedAt = performance.now();
  const [program, ...arguments_] = command;
  const code = await run(program, arguments_, { env: { ...process.env, SLUICE_TEST_REPORTS: reports } });
  times.push(`${formatDuration(performance.now() - startedAt).padStart(10)}  ${name}`);
  return code === 0 ? undefined : name;
}

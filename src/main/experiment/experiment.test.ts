import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formulaBytes, variants } from '#shared/experiment/formula.ts';
import { keptItsPromise, type Experiment } from '#shared/experiment/outcome.ts';
import { quickPlan } from '#shared/experiment/plan.ts';
import { KiB, MiB } from '#shared/units.ts';
import { startChild } from './child.ts';
import { runExperiment } from './experiment.ts';
import { runVariant } from './run.ts';

const plan = {
  ...quickPlan,
  objectBytes: 12 * MiB,
  readers: 4,
  speeds: [6 * MiB, 12 * MiB],
  chunkBytes: 512 * KiB,
  workers: 2,
  budgetBytes: 32 * MiB,
  ceilingBytes: 512 * MiB,
  firstByteMs: 2,
};

/** Readers so slow that any fetcher is ahead of them. */
const slow = { ...plan, objectBytes: 48 * MiB, readers: 6, speeds: [512 * KiB], ceilingBytes: 224 * MiB };

const never = new AbortController().signal;

/** Of these tests alone, so that what is left in it is theirs. */
const temporary = mkdtempSync(join(tmpdir(), 'sluice-experiments-'));
const usual = process.env['TMPDIR'];

beforeAll(() => {
  process.env['TMPDIR'] = temporary;
});

afterAll(() => {
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  rmSync(temporary, { recursive: true, force: true });
});

function leftFolders(): readonly string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('sluice-experiment-'));
}

describe('an experiment', () => {
  it('has every byte through all three, each within its formula, and leaves nothing', async () => {
    const seen: Experiment[] = [];
    const experiment = await runExperiment(plan, (now) => seen.push(now), never);
    expect(experiment.state).toBe('done');
    expect(experiment.runs.map(({ variant }) => variant)).toEqual(variants);
    for (const run of experiment.runs) {
      expect(run.ending).toBe('finished');
      expect(run.readers.map(({ state, bytes }) => [state, bytes])).toEqual(
        Array.from({ length: plan.readers }, () => ['done', plan.objectBytes]),
      );
      expect(run.peakBodyBytes).toBeGreaterThan(0);
      expect(run.peakBodyBytes).toBeLessThanOrEqual(formulaBytes(plan, run.variant));
      expect(run.peakRssBytes).toBeGreaterThan(run.peakBodyBytes);
      expect(run.cpuMs).toBeGreaterThan(0);
    }
    expect(keptItsPromise(experiment)).toBe(true);
    expect(seen.some(({ runs }) => runs.length === 3 && runs[2]?.ending === undefined)).toBe(true);
    expect(leftFolders()).toEqual([]);
  }, 120_000);

  it('that is stopped has what there is by then', async () => {
    const stopping = new AbortController();
    const onChange = ({ runs: [run] }: Experiment): void => {
      if (run && run.readers.length > 0) stopping.abort();
    };
    const experiment = await runExperiment(slow, onChange, stopping.signal);
    expect(experiment.state).toBe('stopped');
    expect(experiment.runs.map(({ variant, ending }) => [variant, ending])).toEqual([
      ['unbounded', 'stopped'],
    ]);
    expect(keptItsPromise(experiment)).toBe(false);
  }, 120_000);
});

describe('the ceiling', () => {
  async function run(variant: 'unbounded' | 'windowed', stopping: AbortController) {
    await using origin = await startChild({ role: 'origin', ...slow }, never);
    const surroundings = { plan: slow, origin: origin.url, dataDir: tmpdir() };
    const window = formulaBytes(slow, 'windowed');
    return await runVariant(
      variant,
      surroundings,
      ({ peakBodyBytes, samples }) => {
        // Its window is full, and stays so: that is all there is to see.
        if (variant === 'windowed' && peakBodyBytes >= window && samples.length > 10) stopping.abort();
      },
      stopping.signal,
    );
  }

  it('ends the unbounded fetcher, which fetches ahead of readers however slow', async () => {
    const ended = await run('unbounded', new AbortController());
    expect(ended.ending).toBe('ceiling');
    expect(ended.peakRssBytes).toBeGreaterThanOrEqual(slow.ceilingBytes);
    expect(ended.samples.at(-1)?.[1]).toBe(ended.peakRssBytes);
    expect(ended.peakBodyBytes).toBeGreaterThan(formulaBytes(slow, 'windowed'));
    expect(ended.readers.some(({ state }) => state === 'done')).toBe(false);
  }, 120_000);

  it('is not come to by the one with a window for the same readers', async () => {
    const stopped = await run('windowed', new AbortController());
    expect(stopped.ending).toBe('stopped');
    expect(stopped.peakBodyBytes).toBe(formulaBytes(slow, 'windowed'));
  }, 120_000);
});

import { createRouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { ExperimentJob } from '#main/experiment/experiment-job.ts';
import type { runExperiment } from '#main/experiment/experiment.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Experiment } from '#shared/experiment/outcome.ts';
import { quickPlan } from '#shared/experiment/plan.ts';
import { GiB } from '#shared/units.ts';
import { experimentProcedures } from './procedures/experiment.ts';

const begun: Experiment = {
  plan: quickPlan,
  startedAt: 1,
  machine: { processor: 'x', cores: 1, memoryBytes: GiB, platform: 'linux', node: '24' },
  state: 'running',
  runs: [],
};

/** Runs until it is stopped. */
const endless: typeof runExperiment = (plan, onChange, signal) => {
  onChange({ ...begun, plan });
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ ...begun, plan, state: 'stopped' }), { once: true });
  });
};

function clientsOf(job: ExperimentJob) {
  const procedures = experimentProcedures(job);
  return {
    operator: createRouterClient(procedures, { context: { role: 'operator' } }),
    viewer: createRouterClient(procedures, { context: { role: 'viewer' } }),
  };
}

describe('the experiment of the console', () => {
  it('runs one at a time, is stopped, and remembered', async () => {
    const { operator } = clientsOf(new ExperimentJob(endless));
    const before = await operator.state();
    expect(before.experiment).toBeUndefined();
    expect(before.availableBytes).toBeGreaterThan(0);
    expect(await operator.start(quickPlan)).toMatchObject({
      experiment: { state: 'running', plan: quickPlan },
    });
    await expect(operator.start(quickPlan)).rejects.toMatchObject({ code: 'BUSY' });
    expect(await operator.stop()).toMatchObject({ experiment: { state: 'stopped' } });
    expect(await operator.state()).toMatchObject({ experiment: { state: 'stopped' } });
    expect(await operator.start(quickPlan)).toMatchObject({ experiment: { state: 'running' } });
    await operator.stop();
  });

  it('is looked at by viewers, and started and stopped by operators', async () => {
    const { viewer } = clientsOf(new ExperimentJob(endless));
    expect(await viewer.state()).toMatchObject({ availableBytes: expect.any(Number) });
    await expect(viewer.start(quickPlan)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(viewer.stop()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('that does not fit is refused in the words of the form', async () => {
    const { operator } = clientsOf(new ExperimentJob(endless));
    const tooLow = operator.start({ ...quickPlan, ceilingBytes: 128 * 2 ** 20 });
    await expect(tooLow).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^Ceiling 128MiB would end Sluice too/),
    });
    expect((await operator.state()).experiment).toBeUndefined();
  });

  it('that fails says why, and nothing of what is inside', async () => {
    const failures = [
      [new SluiceError('PROCESS_FAILED', 'the store did not start'), 'the store did not start'],
      [new Error('secret'), 'something failed inside Sluice'],
    ] as const;
    for (const [error, failure] of failures) {
      const job = new ExperimentJob(async (_plan, onChange) => {
        onChange(begun);
        throw error;
      });
      const { operator } = clientsOf(job);
      await operator.start(quickPlan);
      expect(await operator.stop()).toMatchObject({ experiment: { state: 'failed', failure } });
    }
  });

  it('ends with the server', async () => {
    let hasEnded = false;
    const job = new ExperimentJob(async (plan, onChange, signal) => {
      const experiment = await endless(plan, onChange, signal);
      hasEnded = true;
      return experiment;
    });
    job.start(quickPlan);
    await job[Symbol.asyncDispose]();
    expect(hasEnded).toBe(true);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '#shared/errors.ts';
import { unavailable } from './fetch.fixture.ts';
import { RetryPolicy } from './retry-policy.ts';
import { RetryQuota } from './retry-quota.ts';
import { resolveTuning } from './tuning.ts';

const { retries: limits } = resolveTuning();
const stalled = new SluiceError('STORE_STALLED', 'scripted');
const newPolicy = (quota = new RetryQuota(), random = () => 0.999): RetryPolicy =>
  new RetryPolicy(limits, quota, random);

describe('trying again', () => {
  it('waits a random share of 50, 100, 200 and 400 ms, and then gives up', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (random) => {
        const policy = newPolicy(new RetryQuota(), () => random);
        const waits = [0, 1, 2, 3, 4].map(() => policy.backOffMs(unavailable(), 0));
        expect(waits).toEqual([50 * random, 100 * random, 200 * random, 400 * random, undefined]);
      }),
    );
  });

  it('starts counting anew after 64 KiB of progress', () => {
    const policy = newPolicy();
    for (let count = 0; count < 50; count += 1) {
      policy.progress(40_000);
      policy.progress(25_536);
      expect(policy.backOffMs(unavailable(), 0)).toBeLessThan(50);
    }
    policy.progress(65_535);
    expect([1, 2, 3, 4, 5].map(() => policy.backOffMs(unavailable(), 0)).at(-1)).toBeUndefined();
  });

  it('does not begin later than a minute after the first attempt', () => {
    const policy = newPolicy();
    policy.begin(1000);
    policy.begin(50_000);
    expect(policy.backOffMs(unavailable(), 60_900)).toBeDefined();
    expect(policy.backOffMs(unavailable(5000), 57_000)).toBeUndefined();
  });

  it('forgives a store that misbehaved once', () => {
    const policy = newPolicy();
    const misbehaved = new SluiceError('STORE_MISBEHAVED', 'scripted');
    expect(policy.backOffMs(misbehaved, 0)).toBeDefined();
    policy.progress(1_000_000);
    expect(policy.backOffMs(misbehaved, 0)).toBeUndefined();
  });

  it.each([new Error('a bug'), 'not even an error', new SluiceError('REVISION_CHANGED', 'scripted')])(
    'is no use after %s',
    (error) => expect(newPolicy().backOffMs(error, 0)).toBeUndefined(),
  );

  it('ends everywhere when the quota is spent, and comes back with successes', () => {
    const quota = new RetryQuota();
    for (let count = 0; count < 50; count += 1) expect(newPolicy(quota).backOffMs(stalled, 0)).toBeDefined();
    expect(quota.left).toBe(0);
    expect(newPolicy(quota).backOffMs(unavailable(), 0)).toBeUndefined();
    for (let count = 0; count < 5; count += 1) newPolicy(quota).succeed();
    expect(newPolicy(quota).backOffMs(stalled, 0)).toBeUndefined();
    expect(newPolicy(quota).backOffMs(unavailable(), 0)).toBeDefined();
    const retried = newPolicy(quota);
    for (let count = 0; count < 600; count += 1) newPolicy(quota).succeed();
    expect(quota.left).toBe(500);
    retried.backOffMs(unavailable(), 0);
    retried.succeed();
    expect(quota.left).toBe(495);
  });
});

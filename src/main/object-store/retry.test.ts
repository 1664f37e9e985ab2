import { describe, expect, it, vi } from 'vitest';
import { SluiceError } from '#shared/errors.ts';
import { backoffBound, maxAttempts, retry } from './retry.ts';
import type { Backoff } from './retry.ts';

const never = new AbortController().signal;
const unavailable = () => new SluiceError('STORE_UNAVAILABLE', 'down');

function recordedBackoff(random: () => number): Backoff & { readonly slept: number[] } {
  const slept: number[] = [];
  return { slept, random, sleep: async (milliseconds) => void slept.push(milliseconds) };
}

describe('retry', () => {
  it('passes on what succeeds, at once', async () => {
    const backoff = recordedBackoff(() => 1);
    expect(await retry(async (attempt) => attempt, { backoff }, never)).toBe(1);
    expect(backoff.slept).toEqual([]);
  });

  it('waits a random share of a growing bound, five attempts in all', async () => {
    const backoff = recordedBackoff(() => 0.5);
    const work = vi.fn<(attempt: number) => Promise<never>>(async (attempt) => {
      throw new SluiceError('STORE_UNAVAILABLE', `attempt ${attempt}`);
    });
    const onBackOff = vi.fn<(milliseconds: number, cause: unknown) => void>();
    await expect(retry(work, { backoff, onBackOff }, never)).rejects.toThrow('attempt 5');
    expect(work.mock.calls).toEqual([[1], [2], [3], [4], [5]]);
    expect(backoff.slept).toEqual([25, 50, 100, 200]);
    expect(onBackOff.mock.calls.map(([milliseconds]) => milliseconds)).toEqual(backoff.slept);
    expect(onBackOff.mock.calls[0]?.[1]).toMatchObject({ message: 'attempt 1' });
  });

  it('bounds a wait by five seconds', () => {
    expect([1, 2, 3, maxAttempts, 7, 8, 100].map(backoffBound)).toEqual([
      50, 100, 200, 800, 3200, 5000, 5000,
    ]);
  });

  it.each([
    ['REVISION_CHANGED', new SluiceError('REVISION_CHANGED', 'gone')],
    ['STORE_REFUSED', new SluiceError('STORE_REFUSED', 'no')],
    ['an error that is none of ours', new TypeError('bug')],
  ])('does not try again after %s', async (_, error) => {
    const work = vi.fn<() => Promise<never>>().mockRejectedValue(error);
    await expect(retry(work, { backoff: recordedBackoff(() => 0) }, never)).rejects.toBe(error);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('ends with ABORTED when its owner gives up during a wait, and does not start once that has happened', async () => {
    const controller = new AbortController();
    const work = vi.fn<() => Promise<never>>(async () => {
      throw unavailable();
    });
    const onBackOff = () => controller.abort(new Error('client gone'));
    await expect(retry(work, { onBackOff }, controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(retry(work, {}, controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(work).toHaveBeenCalledTimes(1);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Schedule } from './schedule.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minute = 60_000;

describe('a schedule', () => {
  it('does a task soon, then every interval, more or less', async () => {
    using schedule = new Schedule({ random: () => 0.5 });
    const task = vi.fn<() => Promise<void>>(async () => undefined);
    schedule.every('fetch', 10 * minute, task);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(30 * minute);
    expect(task).toHaveBeenCalledTimes(4);
  });

  it('goes on when a task fails, and begins none before the last has ended', async () => {
    using schedule = new Schedule({ random: () => 0 });
    let end: (error: Error) => void = () => undefined;
    const task = vi.fn<() => Promise<void>>(() => new Promise((_, reject) => (end = reject)));
    schedule.every('fetch', minute, task);
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(task).toHaveBeenCalledTimes(1);
    end(new Error('no network'));
    await vi.advanceTimersByTimeAsync(minute);
    expect(task).toHaveBeenCalledTimes(2);
  });

  it('does nothing every 0, nothing twice, and nothing that was stopped', async () => {
    using schedule = new Schedule({ random: () => 0 });
    const task = vi.fn<() => Promise<void>>(async () => undefined);
    schedule.every('never', 0, task);
    schedule.every('fetch', minute, task);
    schedule.every('fetch', minute, task);
    await vi.advanceTimersByTimeAsync(0);
    expect(task).toHaveBeenCalledTimes(1);
    schedule.stop('fetch');
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('that has ended begins nothing, nor goes on with what was under way', async () => {
    const schedule = new Schedule({ random: () => 0 });
    let end: () => void = () => undefined;
    const task = vi.fn<() => Promise<void>>(() => new Promise((resolve) => (end = resolve)));
    schedule.every('fetch', minute, task);
    await vi.advanceTimersByTimeAsync(0);
    schedule[Symbol.dispose]();
    end();
    schedule.every('another', minute, task);
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(task).toHaveBeenCalledTimes(1);
  });
});

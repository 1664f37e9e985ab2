import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Polling } from './polling.ts';

const never = 1_000_000;
const page = Object.assign(new EventTarget(), { hidden: false });
let stop = (): void => undefined;

beforeEach(() => {
  page.hidden = false;
  vi.stubGlobal('document', page);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

/** Starts to read every `intervalMs`; the readings are counted. */
function startReading(intervalMs: number) {
  const read = vi.fn(() => Promise.resolve());
  const polling = new Polling(read, intervalMs);
  stop = polling.follow();
  return { read, polling };
}

/** What is queued behind an event has been done. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it('reads at once, and again and again', async () => {
  const { read } = startReading(1);
  expect(read).toHaveBeenCalledTimes(1);
  await expect.poll(() => read.mock.calls.length).toBeGreaterThan(3);
});

it('reads at once when it is told to', async () => {
  const { read, polling } = startReading(never);
  await turn();
  expect(read).toHaveBeenCalledTimes(1);
  polling.refresh();
  await turn();
  expect(read).toHaveBeenCalledTimes(2);
});

it('reads no more when nobody looks, whatever happens', async () => {
  const { read, polling } = startReading(never);
  await turn();
  stop();
  polling.refresh();
  page.dispatchEvent(new Event('visibilitychange'));
  await turn();
  expect(read).toHaveBeenCalledTimes(1);
});

it('waits while nobody sees the page, and reads as soon as somebody does', async () => {
  const { read } = startReading(1);
  page.hidden = true;
  // Longer than the interval, however coarse the clock is.
  for (let look = 0; look < 20; look += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(read).toHaveBeenCalledTimes(1);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await expect.poll(() => read.mock.calls.length).toBeGreaterThan(1);
});

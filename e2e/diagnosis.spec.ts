/** Three planted troubles, one at a time: the Live view says which it is, in words. */
import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import {
  type Answering,
  type OriginServer,
  startOrigin,
} from '../src/main/object-store/http-origin.fixture.ts';
import { curl, pacedClient, sha256 } from './clients.ts';
import { expect, limits, test as base } from './fixtures.ts';

const MiB = 2 ** 20;
const path = '/api/v1/object/e2e/planted.bin';
/** Where the other server has it. */
const originPath = '/e2e/planted.bin';
const bytes = randomBytes(48 * MiB);

/** A store that a test can spoil: another server, read through HTTP. */
const test = base.extend<{ readonly origin: OriginServer }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  origin: async ({}, use) => {
    await using origin = await startOrigin();
    origin.files.set(originPath, { bytes, etag: '"planted"' });
    await use(origin);
  },
  flags: async ({ origin }, use) => use(['--store', origin.url]),
});

/**
 * How a store goes on that has gone away, however long it takes until somebody has looked: one that only fails is given
 * up after some seconds, and the transfer with it. One that names a time is waited for.
 */
const askAgain: Answering = (_, response) => void response.writeHead(503, { 'retry-after': '8' }).end();

function laneOf(page: Page): Locator {
  return page.getByTestId('lane').and(page.locator('[data-ended=false]'));
}

test('a slow client is named, and memory stays within the budget', async ({ sluice, page }) => {
  const stopping = new AbortController();
  const reading = pacedClient(sluice.url + path, {}, MiB / 2, stopping.signal);
  const lane = laneOf(page);
  await expect(lane).toHaveCount(1);
  await expect(lane).toHaveAttribute('data-diagnosis', 'client-bound');
  await expect(page.getByTestId('verdict')).toContainText('A slow client: 127.0.0.1 takes');
  await expect(lane.getByTestId('diagnosis')).toContainText(/client-bound [\d.]+ m?s/);
  const tank = page.getByTestId('tank');
  expect(Number(await tank.getAttribute('data-peak-bytes'))).toBeLessThanOrEqual(limits.budgetBytes);

  await page.getByRole('button', { name: 'Who holds it' }).click();
  const holder = page.getByTestId('holder');
  await expect(holder).toHaveAttribute('data-client', '127.0.0.1');
  await expect(holder).toContainText(/planted\.bin · .* held · .* reads /);
  stopping.abort();
  await reading;
});

test('a store that goes away is blamed, nothing piles up, and the download is whole', async ({
  sluice,
  page,
  folder,
  origin,
}) => {
  // What is beyond comes to nothing, after a while.
  const away = 4 * MiB;
  const asked = new Set<number>();
  origin.answering = ({ headers }) => {
    const start = Number(/^bytes=(\d+)/.exec(headers.range ?? '')?.[1]);
    if (!(start >= away)) return undefined;
    if (asked.has(start)) return askAgain;
    asked.add(start);
    return (request) => void setTimeout(() => request.socket.destroy(), 700);
  };
  const reading = curl(folder, sluice.url + path);
  const lane = laneOf(page);
  await expect(lane).toHaveAttribute('data-diagnosis', 'store-bound');
  await expect(page.getByTestId('verdict')).toContainText('The store is slow: 1 of 1 transfers');
  // Nothing is held: all of the window waits, or will be asked for again.
  await expect(lane).toHaveAttribute('data-states', /^(waiting|retry|queued)( (waiting|retry|queued))*$/);
  await expect
    .poll(async () => Number(await lane.getAttribute('data-held-bytes')))
    .toBeLessThanOrEqual(limits.chunkBytes);
  origin.answering = undefined;
  expect(sha256((await reading).bytes)).toBe(sha256(bytes));
});

test('one chunk that does not come is said to be it, with its number', async ({ sluice, page, origin }) => {
  const late = `bytes=${12 * MiB}-`;
  origin.answering = ({ headers }) =>
    headers.range?.startsWith(late) === true ? () => undefined : undefined;
  const stopping = new AbortController();
  const reading = pacedClient(sluice.url + path, {}, 64 * MiB, stopping.signal);
  const lane = laneOf(page);
  await expect(lane).toHaveAttribute('data-diagnosis', 'head-of-line');
  await expect(lane.getByTestId('diagnosis')).toContainText(/head-of-line #12 [\d.]+ m?s/);
  await expect(page.getByTestId('verdict')).toContainText(/One late chunk: #12 of .*planted\.bin is missing/);
  await expect(lane).toHaveAttribute('data-states', /^(waiting|retry|receiving)( held)+$/);

  await page.getByTestId('slots').click({ position: { x: 6, y: 8 } });
  const drawer = page.getByTestId('chunk-drawer');
  await expect(drawer.getByRole('heading')).toHaveText('Chunk 12');
  await expect(drawer).toContainText('"planted"');
  stopping.abort();
  await reading;
});

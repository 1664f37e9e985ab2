import { lastingPort } from '../src/main/testing/lasting-port.ts';
import { endServer, startServer } from './hosts.ts';
import { expect, serverFlags, test as base } from './fixtures.ts';

/** A server on a port that nobody else is given while it is gone. */
const test = base.extend({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  flags: async ({}, use) => use(['--port', String(await lastingPort())]),
});

test('the console says when the server is gone, and connects again when it is back', async ({
  sluice,
  page,
  folder,
}) => {
  await expect(page.getByTestId('tank')).toHaveAttribute('data-budget-bytes', /\d+/);
  await endServer(sluice.process);
  await expect(page.getByTestId('disconnected')).toBeVisible();
  await expect(page.getByTestId('live')).toHaveAttribute('data-stale', 'true');

  // A view that has never been shown cannot be loaded now: the console stays, and the view comes with the server.
  await page.getByRole('link', { name: 'Cache', exact: true }).click();
  await expect(page.getByText('Loading Cache')).toBeVisible();
  await page.waitForRequest(/cache-view/);
  await expect(page.getByTestId('disconnected')).toBeVisible();

  const { port } = new URL(sluice.url);
  const again = await startServer([...serverFlags(folder), '--port', port]);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('disconnected')).toBeHidden();
  await expect(page.getByTestId('cache')).toBeVisible();
  await endServer(again.process);
});

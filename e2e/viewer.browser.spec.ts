/** Who only looks is offered nothing that changes anything: one console with a viewer's token, view by view. */
import type { Page } from '@playwright/test';
import { openTab } from './browser.ts';
import { stalledClient } from './clients.ts';
import { expect, serverFlags } from './fixtures.ts';
import { endServer, startServer } from './hosts.ts';
import { projectName, test as base } from './repositories.ts';

interface Watched {
  readonly url: string;
  /** Fields that let an operator in. */
  readonly asOperator: Readonly<Record<string, string>>;
  readonly viewerLink: string;
  readonly operatorLink: string;
}

const tokenOf = (link: string): string => link.split('#t=')[1] ?? '';

const test = base.extend<{ readonly watched: Watched; readonly tab: Page }>({
  watched: async ({ folder, flags }, use) => {
    const server = await startServer([...serverFlags(folder), ...flags, '--require-token']);
    const { operator, viewer } = server.tokens ?? { operator: '', viewer: '' };
    const asOperator = { authorization: `Bearer ${tokenOf(operator)}` };
    await use({ url: server.url, asOperator, viewerLink: viewer, operatorLink: operator });
    await endServer(server.process);
  },
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  tab: async ({}, use) => {
    const tab = await openTab();
    await use(tab);
    await tab.close();
  },
});

/** Who signs in with `link` sees `offered` in each of these places, or does not. */
async function expectOperations(page: Page, link: string, isOffered: boolean): Promise<void> {
  const count = isOffered ? 1 : 0;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  // From elsewhere: a console that is open would begin anew once it sees the token, whatever is done in it by then.
  await page.goto('about:blank');
  await page.goto(link);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await page.evaluate(() => localStorage.setItem('sluice.first-run', 'done'));
  const go = (hash: string) => page.evaluate((to) => (location.hash = to), hash);

  await go('#/live');
  await button('Who holds it').click();
  await expect(page.getByTestId('holder').getByRole('button', { name: 'Show lane' })).toBeVisible();
  await expect(button('Disconnect client')).toHaveCount(count);
  await page.keyboard.press('Escape');

  await go('#/cache/builds/app.bin');
  await expect(page.getByTestId('residency-map')).toBeVisible();
  for (const name of ['Pin', 'Prefetch…', 'Verify', 'Evict…']) await expect(button(name)).toHaveCount(count);

  await go('#/heap/profiles');
  await expect(page.getByTestId('capture')).toContainText(
    isOffered ? 'The server goes on' : 'is for operators',
  );
  await expect(page.getByTestId('capture').getByRole('button')).toHaveCount(isOffered ? 7 : 0);

  await go('#/requests?q=status%3A206');
  await page.getByTestId('request').first().click();
  await expect(page.getByRole('tab', { name: 'Chunks' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Replay' })).toHaveCount(count);

  await go(`#/repositories/${projectName.replace('https://', '')}`);
  await expect(page.getByTestId('details')).toContainText('sluice restore');
  for (const name of ['Fetch', 'Generate snapshot', 'Remove…', 'Add…'])
    await expect(button(name)).toHaveCount(count);

  await go('#/incidents');
  await expect(page.getByTestId('always-on').getByRole('link', { name: 'Play' })).toBeVisible();
  for (const name of ['Save 15 minutes', 'Mark…', 'Bundle…', 'Record'])
    await expect(button(name)).toHaveCount(count);
  await go('#/incidents/alerts');
  const threshold = page.locator('[data-rule=client-bound]').getByRole('textbox');
  await expect(threshold).toHaveValue('10s');
  await expect(threshold.and(page.locator('[readonly]'))).toHaveCount(1 - count);
  await go('#/incidents/bundles');
  await expect(page.getByTestId(isOffered ? 'no-bundles' : 'bundles-closed')).toBeVisible();

  await go('#/settings/store');
  const connections = page.getByTestId('setting-maxConnections').getByRole('textbox');
  await expect(connections).toBeVisible();
  await expect(connections.and(page.locator('[readonly]'))).toHaveCount(1 - count);
  if (!isOffered)
    await expect(page.getByTestId('settings')).toContainText('changing them needs the operator role');
}

test('a viewer finds no operation in any view, where an operator finds each', async ({ watched, tab }) => {
  const { url, asOperator, viewerLink, operatorLink } = watched;
  const object = `${url}/api/v1/object/builds/app.bin`;
  const stored = await fetch(object, {
    method: 'POST',
    headers: asOperator,
    body: Buffer.alloc(24 * 2 ** 20, 7),
  });
  expect(stored.status).toBe(200);
  const part = await fetch(object, { headers: { ...asOperator, range: 'bytes=0-99' } });
  expect(part.status).toBe(206);
  const name = projectName.replace('https://', '');
  const snapshot = await fetch(`${url}/git/${name}/snapshot.tar.zst`, { headers: asOperator });
  expect([snapshot.status, (await snapshot.arrayBuffer()).byteLength > 0]).toEqual([200, true]);
  const client = await stalledClient(object, asOperator);

  await expectOperations(tab, viewerLink, false);
  await tab.context().clearCookies();
  await expectOperations(tab, operatorLink, true);
  client.leave();
});

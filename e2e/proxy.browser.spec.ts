/** The console behind a real nginx at a path, with tokens: signing in, watching live, signing out; and a wrong name. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { root } from '../scripts/process.ts';
import { startNginx } from '../src/main/testing/nginx.ts';
import { startChromium } from './browser.ts';
import { expect, serverFlags, test as base } from './fixtures.ts';
import { commandLine, endServer, startServer } from './hosts.ts';

interface Proxied {
  /** `http://127.0.0.1:PORT/tools/sluice` */
  readonly base: string;
  readonly port: string;
  readonly dataDir: string;
  /** How nginx is set up. */
  readonly block: string;
  readonly links: Readonly<Record<'operator' | 'viewer', string>>;
}

/** A server with tokens, behind the nginx that docs/operating.md describes; and a browser that knows a foreign name. */
const test = base.extend<{ readonly proxied: Proxied; readonly tab: Page }>({
  proxied: async ({ folder }, use) => {
    const server = await startServer([...serverFlags(folder), '--require-token']);
    const guide = await readFile(join(root, 'docs/operating.md'), 'utf8');
    const [, documented = ''] = /```nginx\n(.*?)```/s.exec(guide) ?? [];
    const block = documented.replace('127.0.0.1:7420', new URL(server.url).host);
    const nginx = await startNginx(block);
    const at = `${nginx.url}/tools/sluice`;
    const through = (link: string): string => link.replace(server.url, at);
    const { operator, viewer } = server.tokens ?? { operator: '', viewer: '' };
    await use({
      base: at,
      port: new URL(nginx.url).port,
      dataDir: join(folder, 'data'),
      block,
      links: { operator: through(operator), viewer: through(viewer) },
    });
    await nginx[Symbol.asyncDispose]();
    await endServer(server.process);
  },
  // Closed before the proxy is, which waits for its connections.
  tab: async ({ proxied }, use) => {
    const names = `MAP tools.example ${new URL(proxied.base).hostname}`;
    const browser = await startChromium(`--host-resolver-rules=${names}`);
    const context = await browser.newContext();
    await use(await context.newPage());
    await browser.close();
  },
});

test('a link with a token signs in, and the token is nowhere to be seen afterwards', async ({
  tab: page,
  proxied,
}) => {
  await page.goto(proxied.links.operator);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('tank')).toHaveAttribute('data-budget-bytes', /\d+/);
  expect(page.url()).not.toContain('slu_');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ path: '/tools/sluice/', httpOnly: true, sameSite: 'Strict' });
  expect(
    await page.evaluate(() => document.cookie + JSON.stringify(Object.entries(localStorage))),
  ).not.toContain('slu_');
  // The cookie is enough.
  await page.goto(`${proxied.base}/`);
  await expect(page).toHaveURL(/\/tools\/sluice\/console\/(#.*)?$/);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
});

test('without a token the console asks for one, says what is wrong with it, and signs out at once when it is removed', async ({
  tab: page,
  proxied,
}) => {
  await page.goto(`${proxied.base}/console/`);
  const field = page.getByLabel('Token');
  await expect(field).toBeFocused();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
  await page.emulateMedia({ forcedColors: 'active' });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.emulateMedia({ forcedColors: 'none' });

  await field.fill('nonsense');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('This is no token of Sluice.');
  await expect(page.getByTestId('sign-in')).toBeVisible();

  await field.fill(proxied.links.viewer.split('#t=')[1] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');

  const token = (...args: readonly string[]) =>
    spawnSync(process.execPath, [commandLine, 'token', ...args, '--data-dir', proxied.dataDir], {
      encoding: 'utf8',
    });
  const viewer = token('list')
    .stdout.split('\n')
    .find((line) => line.includes('viewer'));
  expect(token('remove', viewer?.slice(0, 8) ?? '').status).toBe(0);
  await expect(page.getByTestId('sign-in')).toBeVisible();
});

test('a name or an origin that the server does not have is said in a sentence that names the setting', async ({
  tab: page,
  proxied,
}) => {
  await page.goto(`http://tools.example:${proxied.port}/tools/sluice/console/`);
  await expect(page.getByText('or start it with --allow-host tools.example')).toBeVisible();

  // A proxy that says nothing of itself: pages get through, and what they ask does not.
  await using silent = await startNginx(proxied.block.replaceAll(/proxy_set_header (Host|X-).*\n/g, ''));
  await page.goto(`${silent.url}/tools/sluice/console/`);
  await expect(page.getByTestId('refused')).toContainText(`start it with --public-url ${silent.url}`);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

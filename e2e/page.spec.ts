import { AxeBuilder } from '@axe-core/playwright';
import { putObject, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';

for (const theme of ['Light', 'Dark']) {
  test(`axe finds nothing in the ${theme.toLowerCase()} theme`, async ({ sluice, page, folder }) => {
    const { url } = await putObject(sluice.url, folder, 'shown.bin', 24 * 2 ** 20);
    const client = await stalledClient(url);
    await page.getByRole('button', { name: theme, exact: true }).click();
    await expect(page.getByTestId('lane')).toHaveAttribute('data-diagnosis', 'client-bound');
    // Legacy mode: the other one opens a second page, which Electron does not offer.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
    client.leave();
  });
}

test('the page has a strict Content-Security-Policy and keeps to it', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.reload();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  expect(complaints).toEqual([]);

  const policy = await page.evaluate(async () => {
    const response = await fetch(location.href);
    return response.headers.get('content-security-policy');
  });
  const directives = (policy ?? '').split(';').map((directive) => directive.trim());
  for (const directive of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
  ]) {
    expect(directives).toContain(directive);
  }
});

test('a page that is loaded again connects again', async ({ page }) => {
  await page.reload();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('status-bar')).toContainText('Hz');
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import type { Page } from '@playwright/test';
import { hearAnnouncements } from './announcements.ts';
import { putObject, stalledClient } from './clients.ts';
import { expect, serverFlags, test } from './fixtures.ts';
import { startHost } from './hosts.ts';

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((value) => {
    location.hash = value;
  }, hash);
}

const hashOf = (page: Page): string => new URL(page.url()).hash;

test('from an alert to a bundle: thresholds, the notice, recording by hand, names and notes, what the alert has saved', async ({
  page,
  sluice,
  folder,
}) => {
  test.setTimeout(180_000);
  await go(page, '#/incidents/alerts');
  await expect(page.getByTestId('no-alerts')).toBeVisible();
  const rule = page.locator('[data-testid=rule][data-rule=client-bound]');
  const threshold = rule.getByRole('textbox');
  await expect(threshold).toHaveValue('10s');
  await threshold.fill('1ms');
  await expect(rule).toContainText('A client takes nothing: allowed is 1s to 1h. In force: 10s');
  await expect(threshold).toHaveAttribute('aria-invalid', 'true');
  await threshold.fill('2s');
  await threshold.press('Enter');
  await expect(rule.getByRole('button', { name: 'back to 10s' })).toBeVisible();
  const kept = async () => JSON.parse(await readFile(join(folder, 'data', 'alerts.json'), 'utf8')) as object;
  expect(await kept()).toMatchObject({ 'client-bound': { isOn: true, threshold: 2000 } });

  const announced = await hearAnnouncements(page);
  const { url } = await putObject(sluice.url, folder, 'large', 24 * 2 ** 20);
  const client = await stalledClient(url);
  const alert = page.locator('[data-testid=alert][data-rule=client-bound]');
  await expect(alert).toHaveAttribute('data-state', 'firing', { timeout: 30_000 });
  // Until its own recording is saved, in half a minute, it is seen in what is kept all the time.
  await expect(alert.getByRole('link', { name: 'Play' })).toHaveAttribute(
    'href',
    /#\/live\?recording=rolling&at=\d+/,
  );
  await expect(alert).toContainText('fires at 2.0 s');
  await expect.poll(announced).toMatch(/A client takes nothing\s+127\.0\.0\.1/);
  await expect(page.getByTestId('bell')).toHaveAccessibleName(/1 unread/);

  await go(page, '#/live');
  await expect(page.getByTestId('memory-chart')).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByTestId('memory-table')).toContainText('▲ A client takes nothing');
  await page.keyboard.press('t');

  await expect(page.getByTestId('record-chip')).toHaveAttribute('data-manner', 'rolling');
  await page.keyboard.press('r');
  await expect(page.getByTestId('record-chip')).toHaveAttribute('data-manner', 'manual');
  await page.keyboard.press('m');
  const marking = page.getByTestId('mark-dialog');
  await marking.getByLabel('Note').fill('client 4.2 is out');
  await page.keyboard.press('Control+Enter');
  await expect.poll(announced).toContain('client 4.2 is out');
  await expect(marking).toBeHidden();
  await page.keyboard.press('r');
  await expect.poll(announced).toContain('The recording is kept');
  // A block takes two seconds, and there has to be one.
  await expect(async () => {
    await page.keyboard.press('Shift+R');
    await expect.poll(announced, { timeout: 1000 }).toMatch(/The last .* are saved/);
  }).toPass();

  await page.getByTestId('record-chip').click();
  await expect.poll(() => hashOf(page)).toBe('#/incidents/recordings');
  const byHand = page.locator('[data-testid=recording][data-origin=manual]');
  await byHand.focus();
  await page.keyboard.press('Enter');
  const details = page.getByTestId('details');
  await expect(page.getByRole('button', { name: 'Close (Esc)' })).toBeFocused();
  await expect(details.getByTestId('moment')).toContainText('client 4.2 is out');
  await details.getByRole('button', { name: 'Name, note…' }).click();
  const editing = page.getByTestId('edit-dialog');
  await editing.getByLabel('Name').fill('Load test');
  await editing.getByLabel('Note').fill('two mirrors');
  await editing.getByRole('button', { name: 'Save' }).click();
  await expect(byHand).toContainText('Load test');
  await expect(details).toContainText('two mirrors');
  await details.getByRole('button', { name: /Change the note/ }).click();
  await page.getByTestId('mark-note-dialog').getByLabel('Note').fill('client 4.3 is out');
  await page.getByTestId('mark-note-dialog').getByRole('button', { name: 'Save' }).click();
  await expect(details.getByTestId('moment')).toContainText('client 4.3 is out');
  await expect(details.getByTestId('moment').getByRole('link')).toHaveAttribute(
    'href',
    /#\/live\?recording=\w+-manual-\w+&at=\d+/,
  );
  await details.getByRole('button', { name: /Remove the mark/ }).click();
  await expect(page.getByTestId('remove-mark-dialog')).toContainText('client 4.3 is out');
  await page.getByTestId('remove-mark-dialog').getByRole('button', { name: 'Keep' }).click();
  await page.getByLabel('Filter recordings').fill('mirrors');
  await expect(page.getByTestId('recording')).toHaveCount(1);
  await page.getByLabel('Filter recordings').fill('no such');
  await page.getByTestId('empty-no-match').getByRole('button', { name: 'Show all' }).click();

  await details.getByRole('button', { name: 'Make a bundle…' }).click();
  const bundling = page.getByTestId('bundle-dialog');
  await expect(bundling.getByLabel('Recording')).toHaveValue(/-manual-/);
  await bundling.getByLabel('Note').fill('slow since 03:12');
  await bundling.getByRole('button', { name: 'Make it' }).click();
  await expect(bundling.getByTestId('bundle-files')).toContainText('recording.sluicerec', {
    timeout: 30_000,
  });
  await expect(bundling.getByTestId('bundle-files')).toContainText('summary.html');
  await expect(bundling).toContainText('Bodies: Sluice never records them.');
  await bundling.getByRole('link', { name: 'All bundles' }).click();
  await expect(page.getByTestId('bundle')).toContainText('slow since 03:12');
  await expect(details).toContainText('recording.sluicerec');
  await expect.poll(() => hashOf(page)).toContain('open=');
  const id = new URLSearchParams(hashOf(page).split('?')[1]).get('open');
  const answer = await fetch(`${sluice.url}/api/v1/incidents/${id}`);
  expect(answer.headers.get('content-disposition')).toContain(`${id}.tar.gz`);
  await answer.body?.cancel();

  await go(page, '#/incidents');
  await byHand.getByRole('link', { name: 'Play' }).click();
  await expect(page.getByTestId('player')).toContainText('Load test');
  await go(page, '#/incidents');
  await byHand.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByTestId('remove-dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(byHand).toHaveCount(0);

  const saved = page.locator('[data-testid=recording][data-origin=alert]');
  await expect(saved).toHaveCount(1, { timeout: 60_000 });
  await expect(saved).toContainText('A client takes nothing');
  await expect(saved.getByRole('link', { name: 'Play' })).toHaveAttribute(
    'href',
    /#\/live\?recording=\w+-alert-\w+$/,
  );
  client.leave();
  await go(page, '#/incidents/alerts');
  await expect(alert).toHaveAttribute('data-state', 'resolved', { timeout: 30_000 });
  await expect(alert.getByRole('link', { name: 'Play' })).toHaveAttribute(
    'href',
    /recording=\w+-alert-\w+&at=\d+/,
  );
  await rule.getByRole('button', { name: 'back to 10s' }).click();
  await expect.poll(kept).toMatchObject({ 'client-bound': { threshold: 10_000 } });
});

test('what a server had recorded when it was killed is offered at the next start', async ({
  host,
  folder,
}) => {
  test.setTimeout(90_000);
  const flags = serverFlags(folder);
  const killed = await startHost(host, flags);
  await expect(killed.page.getByTestId('record-chip')).toBeVisible();
  const announced = await hearAnnouncements(killed.page);
  await killed.page.keyboard.press('m');
  await killed.page.getByTestId('mark-dialog').getByLabel('Note').fill('before the end');
  await killed.page.keyboard.press('Control+Enter');
  const bytes = async (): Promise<number> => {
    const list = (await (await fetch(`${killed.url}/api/v1/recordings`)).json()) as {
      readonly state: { readonly rolling: { readonly bytes: number } };
    };
    return list.state.rolling.bytes;
  };
  await expect.poll(announced).toContain('before the end');
  // The mark is in one of the next two blocks: one may have been on its way to the disk.
  for (let blocks = 0; blocks < 2; blocks += 1) {
    const before = await bytes();
    await expect.poll(bytes).toBeGreaterThan(before);
  }
  const exited = once(killed.process, 'exit');
  killed.process.kill('SIGKILL');
  await exited;
  await killed.close();
  const next = await startHost(host, flags);
  const { page } = next;
  await page.getByTestId('bell').click();
  await page.getByTestId('notifications').getByRole('link', { name: 'The server was cut off' }).click();
  await expect(page.getByTestId('crash-offer')).toContainText('was cut off at');
  await expect(page.getByTestId('details').getByTestId('moment')).toContainText('before the end');
  await expect(page.getByTestId('crash-offer').getByRole('link', { name: 'Play its end' })).toHaveAttribute(
    'href',
    /recording=\w+-recovered-\w+&at=\d+/,
  );
  await next.close();
});

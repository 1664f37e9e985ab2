/** The Requests view of a busy quarter of an hour, with one request open. The requests are real. */
import { putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { ask, leavingClient, variousRequests } from './requests.ts';
import { shoot } from './pictures.ts';

const MiB = 2 ** 20;

test('requests', async ({ sluice, page, folder }) => {
  await sluice.resize(1280, 800);
  const names = ['monorepo.tar.zst', 'android.tar.zst', 'models.bin'];
  for (const [index, name] of names.entries()) {
    const object = await putObject(sluice.url, folder, name, (24 + index * 8) * MiB);
    for (let start = 0; start < 20 * MiB; start += 4 * MiB) {
      await ask(object.url, { range: `bytes=${start}-${start + 2 * MiB - 1}` });
    }
    await leavingClient(object.url);
    await variousRequests(object);
  }
  await page.getByRole('link', { name: 'Requests' }).click();
  await shoot(page, 'requests-grid');
  const multi = page.locator('[data-testid=request][data-range*=","]').last();
  await multi.click();
  await page.getByRole('tab', { name: 'Range' }).click();
  await expect(page.getByTestId('verdict')).toBeVisible();
  await shoot(page, 'requests');
});

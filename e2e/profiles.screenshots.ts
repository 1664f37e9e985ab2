/** A profile of the incident, and it beside that of the program with a window. */
import { expect, test } from './fixtures.ts';
import { shoot } from './pictures.ts';
import { goToProfiles, incidentFile, openProfiles, windowFile } from './profiles.ts';

test('profiles', async ({ sluice, page }) => {
  await sluice.resize(1280, 800);
  await goToProfiles(page);
  await openProfiles(page, windowFile);
  await expect(page.getByTestId('callout')).toBeVisible();
  await openProfiles(page, incidentFile);
  await expect(page.getByTestId('callout')).toContainText('86 %');
  await page.getByTestId('top-row').filter({ hasText: 'main.headers' }).click();
  await expect(page.getByTestId('sandwich')).toContainText('fmt.Sprintf');
  await shoot(page, 'heap-profile');

  await page.evaluate(() => {
    location.hash = '#/heap/compare';
  });
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(page.getByTestId('callout')).toContainText('less');
  await page
    .getByTestId('changes-row')
    .filter({ hasText: /main\.main/ })
    .first()
    .click();
  await expect(page.getByTestId('change-sandwich')).toContainText('With all it calls');
  await shoot(page, 'heap-compare');
});

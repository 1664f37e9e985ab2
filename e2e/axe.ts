/** What axe has to say of a page, in every look of the console. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

const looks = [
  { theme: 'dark', contrast: 'normal' },
  { theme: 'light', contrast: 'normal' },
  { theme: 'dark', contrast: 'more' },
  { theme: 'light', contrast: 'more' },
] as const;

/** What only colours can break; the rest is the same in every look. */
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

/** What axe has to say, by where. */
async function complaints(page: Page, rules: 'all' | 'colours'): Promise<unknown> {
  // It is half a megabyte, and stays in the page: evaluating it again takes longer than most of its answers.
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  // Legacy mode: the other one opens a second page, which Electron does not offer.
  const axe = new AxeBuilder({ page, ...(isThere && { axeSource: 'undefined' }) })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    // Where a menu catches the focus, to pass it on: nobody is ever there.
    .exclude('[data-base-ui-focus-guard]');
  // A menu that is open floats above the landmarks of the page.
  const floats = (await page.getByRole('menu').count()) > 0;
  const whole = floats ? axe.disableRules(['region']) : axe;
  const chosen = rules === 'all' ? whole : axe.withRules(rulesOfColours);
  const { violations } = await chosen.analyze();
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }));
}

/** Everything in the first look, what the other looks change, then forced colours. */
export async function check(page: Page, what: string): Promise<void> {
  for (const [index, look] of looks.entries()) {
    await page.evaluate(({ theme, contrast }) => {
      const { dataset } = document.documentElement;
      dataset['theme'] = theme;
      dataset['contrast'] = contrast;
    }, look);
    const name = `${what} in ${look.theme}, contrast ${look.contrast}`;
    expect.soft(await complaints(page, index === 0 ? 'all' : 'colours'), name).toEqual([]);
  }
  await page.emulateMedia({ forcedColors: 'active' });
  expect.soft(await complaints(page, 'colours'), `${what} in forced colours`).toEqual([]);
  await page.emulateMedia({ forcedColors: null });
}

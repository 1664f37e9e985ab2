/** Keys that follow each other within a time. */
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/**
 * Presses the keys of a sequence, as `g h`, until `there` is seen. The console waits a second for the rest of one: on a
 * busy machine that may pass between two keys, and then they are none.
 */
export async function pressSequence(page: Page, keys: string, there: Locator): Promise<void> {
  await expect(async () => {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    await expect(there).toBeVisible({ timeout: 5000 });
  }).toPass();
}

/** Pictures for the documents: docs/images/NAME-dark.png and -light.png. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { root } from '../scripts/process.ts';

/** Long enough for what moves after a change of theme: canvases, and figures four times a second. */
const settleMilliseconds = 1000;

/** Takes what is on the page, in both themes. `open` opens what a click on the theme would have closed; Esc closes it. */
export async function shoot(page: Page, name: string, open?: () => Promise<void>): Promise<void> {
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    await open?.();
    await page.mouse.move(640, 2);
    await sleep(settleMilliseconds);
    await page.screenshot({ path: join(images, `${name}-${theme.toLowerCase()}.png`) });
    if (open) await page.keyboard.press('Escape');
  }
}

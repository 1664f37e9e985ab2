/** What cannot be drawn takes nothing else away. A method of the language is broken for one list that a view draws. */
import type { Page } from '@playwright/test';
import { check } from './axe.ts';
import { curl, putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { pressSequence } from './keys.ts';

declare global {
  interface Window {
    /** The first element of a list that cannot be drawn has this name, title or value. */
    brokenAt?: string | undefined;
  }
}

/** From now on lists can be broken. */
async function prepare(page: Page): Promise<void> {
  await page.evaluate(() => {
    // oxlint-disable-next-line typescript/unbound-method -- called with its list
    const { map } = Array.prototype;
    // oxlint-disable-next-line no-extend-native -- what is tested is a language that fails
    Array.prototype.map = function broken(this: unknown[], ...given: Parameters<typeof map>) {
      const { value, title } = Object(this[0]) as { readonly value?: unknown; readonly title?: unknown };
      const { brokenAt } = globalThis.window;
      if (brokenAt !== undefined && (value === brokenAt || title === brokenAt)) {
        throw new TypeError('broken by https://user:S3CR3T@host/x?token=S3CR3T');
      }
      return map.apply(this, given);
    } as typeof map;
  });
}

async function breakAt(page: Page, name: string | undefined): Promise<void> {
  await page.evaluate((brokenAt) => {
    globalThis.window.brokenAt = brokenAt;
  }, name);
}

test('a view that cannot be drawn says so, the shell stays, and it is tried again by hand or by going on', async ({
  page,
}) => {
  const logged: string[] = [];
  page.on('console', (message) => message.type() === 'error' && logged.push(message.text()));
  await prepare(page);
  await breakAt(page, 'now');
  await page.getByRole('link', { name: 'Heap', exact: true }).click();
  const failed = page.getByTestId('failed-view');
  await expect(failed).toContainText('Heap cannot be shown');
  await expect(failed).toContainText('TypeError: broken by https://redacted@host/x?token=redacted');
  await expect(failed).toHaveRole('alert');
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect(page.getByRole('link', { name: 'Heap', exact: true })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByTestId('status-bar')).toContainText('Hz');
  await expect.poll(() => logged.filter((text) => text.includes('broken by'))).toHaveLength(1);
  await check(page, 'a view that failed');

  await page.evaluate(() => {
    navigator.clipboard.writeText = (text) => {
      document.documentElement.dataset['copied'] = text;
      return Promise.resolve();
    };
  });
  await failed.getByRole('button', { name: 'Copy details' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-copied');
  const copied = (await page.locator('html').getAttribute('data-copied')) ?? '';
  expect(copied).toContain('TypeError: broken by');
  expect(copied).toMatch(/\n {4}at /);
  expect(copied).toContain('#/heap');
  expect(copied).toMatch(/Version: \d/);
  expect(copied).not.toContain('S3CR3T');

  // Still broken: it says so again, and the keyboard is where it was.
  await failed.getByRole('button', { name: 'Try again' }).press('Enter');
  await expect(failed.getByRole('button', { name: 'Try again' })).toBeFocused();
  await pressSequence(page, 'g p', page.getByTestId('repositories'));
  await pressSequence(page, 'g h', failed);
  await breakAt(page, undefined);
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('heap')).toBeVisible();

  // The shell itself: the last boundary.
  await breakAt(page, 'Live');
  await page.getByRole('link', { name: 'Cache', exact: true }).click();
  const page_ = page.getByTestId('failed-page');
  await expect(page_).toContainText('The console cannot be shown');
  await check(page, 'a page that failed');
  await breakAt(page, undefined);
  await page_.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('cache')).toBeVisible();
});

test('a picture that cannot be painted is said to be what failed, and is painted when it is tried again', async ({
  page,
}) => {
  await expect(page.getByTestId('memory-chart')).toBeVisible();
  await page.evaluate(() => {
    const { prototype } = CanvasRenderingContext2D;
    // oxlint-disable-next-line typescript/unbound-method -- put back as it was
    const { fillRect } = prototype;
    prototype.fillRect = () => {
      throw new TypeError('broken by a test');
    };
    Object.assign(globalThis, { mend: () => Object.assign(prototype, { fillRect }) });
  });
  const failed = page.getByTestId('failed-view');
  await expect(failed).toContainText('Live cannot be shown');
  await expect(failed).toContainText('TypeError: broken by a test');
  await expect(page.getByTestId('status-bar')).toContainText('Hz');
  await page.evaluate(() => (globalThis as unknown as { mend: () => void }).mend());
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByTestId('memory-chart')).toBeVisible();
  await expect(failed).toBeHidden();
});

test('what opens beside a list and cannot be drawn leaves the list, is closed, and is tried again with the next', async ({
  page,
  sluice,
  folder,
}) => {
  const object = await putObject(sluice.url, folder, 'data.bin', 2 ** 20);
  await curl(folder, object.url, '-r', '0-99');
  await curl(folder, object.url, '-r', '100-299');
  await prepare(page);
  await page.getByRole('link', { name: 'Requests', exact: true }).click();
  // Not by its text, in which 206 may be milliseconds.
  const rows = page.locator('[data-testid=request][data-status="206"]');
  await expect(rows).toHaveCount(2);
  await breakAt(page, 'summary');
  await rows.first().click();
  const failed = page.getByTestId('failed-beside');
  await expect(failed).toContainText('This request cannot be shown');
  await expect(rows).toHaveCount(2);
  await check(page, 'what failed beside a list');
  await page.keyboard.press('Escape');
  await expect(failed).toBeHidden();
  await expect.poll(() => new URL(page.url()).hash).toBe('#/requests');

  await rows.first().click();
  await expect(failed).toBeVisible();
  await breakAt(page, undefined);
  await rows.last().click();
  await expect(page.getByTestId('request-details')).toContainText('206');
});

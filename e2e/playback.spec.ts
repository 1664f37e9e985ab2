import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { formatClock } from '#shared/units.ts';
import { expect } from './fixtures.ts';
import { drop, instantOf, isSteady, pixelsOf, recordedRun, test } from './playback.ts';

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((value) => {
    location.hash = value;
  }, hash);
}

const paramOf = (page: Page, name: string): Promise<string | null> =>
  page.evaluate((key) => new URLSearchParams(location.hash.split('?')[1] ?? '').get(key), name);

test('a recording by its link shows what was live, to the pixel, and plays, steps and is scrubbed', async ({
  sluice,
  page,
  folder,
}) => {
  await sluice.resize(1280, 800);
  const { summary, frames } = await recordedRun(sluice.url, page, folder, isSteady);
  const instant = instantOf(frames);
  const paused = Math.floor(instant / 100) * 100;
  const stretch = `paused=${paused}&span=3s`;
  await go(page, `#/live?${stretch}`);
  await expect(page.getByTestId('live')).toHaveAttribute('data-paused', 'true');
  const picture = async (): Promise<readonly string[]> => [
    await pixelsOf(page, '[data-testid=lane] canvas'),
    await pixelsOf(page, '[data-testid=slot-strip]'),
    await pixelsOf(page, '[data-testid=tank] canvas'),
  ];
  await expect(page.getByTestId('slot-strip')).toBeVisible();
  const then = `At ${formatClock(paused).slice(0, -2)}`;
  let live: readonly string[] = [];
  await expect(async () => {
    // The pointer may have rested on the charts as they came: they see it leave.
    await page.mouse.move(640, 300);
    await page.mouse.move(1, 1);
    expect(await page.getByTestId('instant').innerText()).toBe(then);
    live = await picture();
    expect(await page.getByTestId('instant').innerText()).toBe(then);
  }).toPass();

  await go(page, `#/live?recording=${summary.id}&at=${instant}&${stretch}`);
  const player = page.getByTestId('player');
  await expect(player).toContainText('A slow client');
  await expect(page.getByTestId('instant')).toHaveText(then);
  await page.mouse.move(1, 1);
  await expect.poll(picture).toEqual(live);

  // What is said of the instant is what was recorded of it.
  await go(page, `#/live?recording=${summary.id}&at=${new Date(instant).toISOString()}`);
  const frame = frames.find(({ at }) => at === instant);
  await expect(page.getByTestId('tank')).toHaveAttribute(
    'data-ledger-bytes',
    String(frame?.memory.ledgerBytes),
  );
  await expect(page.getByTestId('lane')).toHaveCount(frame?.lanes.length ?? -1);
  const rows = frames.filter(({ at }) => at <= instant).flatMap(({ requests }) => requests);
  await expect(page.getByTestId('requests-count')).toHaveText(String(rows.length));

  const time = page.getByTestId('recording-time');
  await expect(time).toHaveAttribute('data-at', String(instant));
  await page.keyboard.press('ArrowLeft');
  await expect(time).toHaveAttribute('data-at', String(frames.at(-9)?.at));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(time).toHaveAttribute('data-at', String(frames.at(-7)?.at));
  await expect.poll(() => paramOf(page, 'at')).toBe(String(frames.at(-7)?.at));

  await page.keyboard.press('Shift+ArrowLeft');
  await expect(page.getByTestId('flag')).toHaveAttribute('title', /the client has stopped/);
  await expect.poll(async () => Number(await time.getAttribute('data-at'))).toBeLessThan(instant);

  await page.getByTestId('scrubber').focus();
  await page.keyboard.press('Home');
  await expect(time).toHaveAttribute('data-at', String(summary.firstAt));
  await page.keyboard.press('Shift+ArrowRight');
  const box = await page.getByTestId('overview').boundingBox();
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 1, (box?.y ?? 0) + 10);
  await expect
    .poll(async () => Number(await time.getAttribute('data-at')))
    .toBeGreaterThan(summary.lastAt - (summary.lastAt - summary.firstAt) / 100);

  await page.getByRole('button', { name: 'To the beginning' }).click();
  await page.keyboard.press('Escape');
  await expect(time).toHaveAttribute('data-at', String(summary.firstAt));
  await page.mouse.click(640, 790);
  await page.keyboard.press('Space');
  await expect(player).toHaveAttribute('data-playing', 'true');
  // Faster only now: at this rate it is over in a second. It ends by itself.
  for (let times = 0; times < 4; times += 1) await page.keyboard.press('>');
  await expect(page.getByTestId('rate')).toContainText('16 ×');
  await expect(player).toHaveAttribute('data-playing', 'false', { timeout: 60_000 });
  await expect(time).toHaveAttribute('data-at', String(summary.lastAt));
});

test('the other views show what was recorded, under the same address, until it is closed', async ({
  sluice,
  page,
  folder,
}) => {
  const { summary, frames } = await recordedRun(sluice.url, page, folder);
  await go(page, `#/live?recording=${summary.id}&at=${summary.lastAt}`);
  await expect(page.getByTestId('player')).toBeVisible();
  await page.getByRole('link', { name: 'Requests' }).click();
  const rows = frames.flatMap(({ requests }) => requests);
  await expect(page.getByTestId('requests-count')).toHaveText(String(rows.length));
  // Not by its text, in which 416 may be a time.
  await page.locator('[data-testid=request][data-status="416"]').click();
  await expect(page.getByText('A recording has the rows of requests.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Export' })).toHaveCount(0);
  await expect.poll(() => paramOf(page, 'recording')).toBe(summary.id);

  await page.getByRole('link', { name: 'Downloads' }).click();
  const download = page.getByTestId('download').filter({ hasText: 'large.bin' });
  await download.click();
  await expect(page.getByTestId('piece').first()).toBeVisible();
  await page.getByRole('link', { name: 'Heap', exact: true }).click();
  await expect(page.getByTestId('heap')).toContainText('e2e/large.bin');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByTestId('not-recorded')).toContainText('A recording has no Settings');
  await page.getByRole('link', { name: 'Live' }).click();
  await expect(page.getByTestId('instant')).toHaveText(/^At /);

  // The same address in a page that begins with it.
  await page.reload();
  await expect(page.getByTestId('player')).toContainText('A slow client');
  await page.getByTestId('about-recording').click();
  await expect(page.getByTestId('about-recording-sheet')).toContainText('see the end');
  await page.keyboard.press('Escape');
  await page.keyboard.press('.');
  await expect(page.getByTestId('player')).toHaveCount(0);
  await expect(page.getByTestId('instant')).toHaveText('Now');
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');

  // What is kept all the time, without saving it: this page has seen nothing of what was before.
  const earlier = page.getByTestId('earlier');
  await expect(earlier).toHaveText(/^Play the .+ before \d\d:\d\d:\d\d$/);
  await earlier.click();
  await expect(page.getByTestId('recording-name')).toContainText('What is kept now');
  await expect(page.getByTestId('request').first()).toBeVisible();
  await go(page, '#/live?recording=20200101T000000Z-saved-00000000');
  await expect(page.getByTestId('recording-failed')).toContainText('there is no recording');
  await page.getByTestId('recording-failed').getByRole('button', { name: 'Go live' }).click();
  await expect(page.getByTestId('instant')).toHaveText('Now');
});

test('files open by drop and by the dialog, whole or not; a bundle brings its notes along', async ({
  sluice,
  page,
  folder,
}) => {
  const { file } = await recordedRun(sluice.url, page, folder);
  await drop(page, file, 'night.sluicerec');
  await expect(page.getByTestId('player')).toContainText('A slow client');
  await expect.poll(() => paramOf(page, 'recording')).toBe('file:night.sluicerec');
  await page.reload();
  await expect(page.getByTestId('recording-not-here')).toContainText('Open night.sluicerec to see this');
  const whole = await readFile(file);
  const cut = join(folder, 'cut.sluicerec');
  await writeFile(cut, whole.subarray(0, Math.floor(whole.length * 0.7)));
  // A page that has just been loaded hears no keys until it is painted.
  await expect(async () => {
    const choosing = page.waitForEvent('filechooser', { timeout: 2000 });
    await page.keyboard.press('o');
    await (await choosing).setFiles(cut);
  }).toPass();
  await expect(page.getByTestId('recording-missing')).toContainText('its end was cut off');
  await expect(page.getByTestId('live')).toBeVisible();

  const made = await fetch(`${sluice.url}/api/v1/incidents`, {
    method: 'POST',
    body: JSON.stringify({ note: 'it was the client at 10.1.4.7' }),
    headers: { 'content-type': 'application/json' },
  });
  const { id } = (await made.json()) as { id: string };
  const packed = await fetch(`${sluice.url}/api/v1/incidents/${id}`);
  const bundle = join(folder, 'incident.tar.gz');
  await writeFile(bundle, Buffer.from(await packed.arrayBuffer()));
  await drop(page, bundle, 'incident.tar.gz');
  await expect.poll(() => paramOf(page, 'recording')).toBe('file:incident.tar.gz');
  await page.getByTestId('about-recording').click();
  await expect(page.getByTestId('bundle-facts')).toContainText('it was the client at 10.1.4.7');
  await expect(page.getByTestId('bundle-facts')).toContainText('recording.sluicerec');
  await page.keyboard.press('Escape');

  // Its profiles are in Heap, in the recording as well; so is what is dropped and is neither.
  await writeFile(join(folder, 'stacks.folded'), 'main;fetch;grow 42\nmain;serve 8\n');
  await drop(page, join(folder, 'stacks.folded'), 'stacks.folded');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('#/heap/profiles');
  await expect(page.getByTestId('player')).toBeVisible();
  await expect(page.getByTestId('heap')).toContainText('stacks.folded');
  await expect(page.getByTestId('heap')).toContainText('ledger');
});

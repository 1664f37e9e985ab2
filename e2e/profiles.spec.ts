import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { topRows } from '../src/main/profiling/go.fixture.ts';
import { expect, test } from './fixtures.ts';
import { pressSequence } from './keys.ts';
import { drop } from './playback.ts';
import {
  goldenDifference,
  goldenTop,
  goToProfiles,
  incidentFile,
  openProfiles,
  windowFile,
} from './profiles.ts';

const MiB = 2 ** 20;

/** Numbers of a column, exact, by function. */
async function columnOf(rows: Locator, column: string): Promise<ReadonlyMap<string, number>> {
  const entries = await rows.evaluateAll(
    (all, name) =>
      all.map((row) => {
        const title = row.querySelector('[data-column=function] [title]')?.getAttribute('title') ?? '';
        const value = row.querySelector(`[data-column=${name}] [data-value]`)?.getAttribute('data-value');
        return [title.split('\n')[0] ?? '', Number(value)] as const;
      }),
    column,
  );
  return new Map(entries);
}

async function chooseType(page: Page, type: string): Promise<void> {
  await page.getByRole('button', { name: type, exact: true }).click();
}

test('a profile of Go says who holds the memory, with the numbers of go tool pprof, whatever is looked at', async ({
  page,
}) => {
  await pressSequence(page, 'g h', page.getByTestId('heap'));
  await page.getByRole('tab', { name: 'Profiles' }).click();
  await expect(page.getByTestId('profiles-none')).toContainText('nothing of it leaves this machine');
  await openProfiles(page, incidentFile);
  const callout = page.getByTestId('callout');
  await expect(callout).toHaveText('(*S3).parallelGet.func1 holds 86 % of inuse_space, 64 MiB');

  const rows = page.getByTestId('top-row');
  const functionsOnly = page.getByRole('button', { name: 'Functions', exact: true });
  await functionsOnly.click();
  for (const type of ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space']) {
    await chooseType(page, type);
    await expect(callout).toContainText(`of ${type},`);
    const golden = topRows(await goldenTop(type));
    await expect
      .poll(() => columnOf(rows, 'flat'))
      .toEqual(new Map([...golden].map(([name, [flat]]) => [name, flat])));
    await expect
      .poll(() => columnOf(rows, 'cum'))
      .toEqual(new Map([...golden].map(([name, [, cum]]) => [name, cum])));
  }
  await expect(rows.first()).toContainText('86.09 %');
  await page.getByRole('button', { name: 'Cum', exact: true }).click();
  await expect(rows.nth(1)).toContainText('main.main');

  // Callers and callees, from any row, and on from there.
  await rows.filter({ hasText: 'main.headers' }).click();
  const sandwich = page.getByTestId('sandwich');
  await expect(sandwich.getByTestId('neighbour')).toHaveText([
    /main\.main.*342 KiB/,
    /strings\.Repeat.*162 KiB/,
    /fmt\.Sprintf.*20 KiB/,
  ]);
  await sandwich.getByTestId('neighbour').filter({ hasText: 'strings.Repeat' }).click();
  await expect(page.getByTestId('sandwich-self')).toContainText('strings.Repeat');
  await page.keyboard.press('Escape');
  await expect(sandwich).toBeHidden();

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('MAIN.');
  await expect(page.getByTestId('found')).toHaveText('5 functions · 100 % of all');
  await expect(rows).toHaveCount(5);
  await page.keyboard.type('nowhere');
  await expect(page.getByTestId('profiles-no-match')).toContainText('No function has “MAIN.nowhere”');
  await page.getByRole('button', { name: 'Show all' }).click();

  await page.getByRole('button', { name: 'Labels' }).click();
  await page
    .getByTestId('labels')
    .getByRole('button', { name: /72 MiB/ })
    .click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('profiles')).toContainText(/only bytes = 1 MiB: 72 MiB, 96\.85 % of all/);
  await expect(callout).toContainText('holds 89 % of inuse_space');
});

test('an icicle is zoomed and searched with keys and pointer, and its address shows the same elsewhere', async ({
  page,
}) => {
  await goToProfiles(page);
  await openProfiles(page, incidentFile);
  const readout = page.getByTestId('icicle-readout');
  await expect(readout).toContainText('all · 74.3 MiB, 100.00 %');
  await page.getByTestId('icicle-keys').focus();
  await page.keyboard.press('ArrowDown');
  await expect(readout).toContainText('main.(*S3).parallelGet.func1 · 64 MiB, 86.09 %');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(readout).toContainText('main.main · 10.3 MiB');
  await page.keyboard.press('Enter');
  const crumbs = page.getByTestId('crumbs');
  await expect(crumbs).toHaveText(/all.*runtime\.main.*main\.main.*Reset/);
  await page.keyboard.press('Backspace');
  await expect(crumbs).not.toContainText('main.main');
  await page.keyboard.press('Home');
  await expect(crumbs).toHaveText('all');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Enter');
  await expect(page.getByTestId('sandwich')).toContainText('parallelGet');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('sandwich')).toBeHidden();

  // The right end of the second row calls main.
  const box = await page.getByTestId('icicle-keys').boundingBox();
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) * 0.93, (box?.y ?? 0) + 30);
  await expect(crumbs).toContainText('runtime.main');
  await page.getByRole('searchbox').fill('index');
  await expect(page.getByTestId('found')).toHaveText('1 function · 13 % of all');
  await chooseType(page, 'alloc_space');
  await expect(readout).toContainText('runtime.main · 60.5 MiB');

  // Elsewhere the file is not open.
  await page.reload();
  await expect(page.getByTestId('profiles-not-open')).toContainText('Open incident.pb.gz to see this');
  await openProfiles(page, incidentFile);
  await expect(crumbs).toContainText('runtime.main');
  await expect(readout).toContainText('runtime.main · 60.5 MiB');
  await expect(page.getByRole('searchbox')).toHaveValue('index');

  await page.getByTestId('icicle-keys').focus();
  await page.keyboard.press('t');
  const calls = page.getByTestId('calls');
  await expect(calls).toContainText('main.thrownAway');
  await calls.getByText('main.thrownAway').click();
  await expect(crumbs).toContainText('main.thrownAway');
});

test('two profiles are compared, as they are and as shares', async ({ page }) => {
  await goToProfiles(page, 'compare');
  await expect(page.getByTestId('compare-none')).toContainText('Open two profiles');
  await openProfiles(page, [incidentFile, windowFile]);
  const callout = page.getByTestId('callout');
  await expect(callout).toHaveText(
    '(*S3).parallelGet.func1 has 56 MiB less of inuse_space in B, 64 MiB → 8 MiB',
  );
  await page.getByRole('button', { name: 'Functions', exact: true }).click();
  const rows = page.getByTestId('changes-row');
  const golden = topRows(await goldenDifference());
  const withoutSame = (all: ReadonlyMap<string, number>) =>
    new Map([...all].filter(([, value]) => value !== 0));
  await expect
    .poll(async () => withoutSame(await columnOf(rows, 'delta')))
    .toEqual(withoutSame(new Map([...golden].map(([name, [flat]]) => [name, flat]))));
  await expect(rows.filter({ hasText: 'main.newWindow' })).toContainText('▲ +');
  await expect(rows.filter({ hasText: 'main.frame' })).toContainText('▽ −');

  // Callers and callees of both: with the keyboard, in the address, and with the numbers of the table.
  await page.getByTestId('changes').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true');
  const around = page.getByTestId('change-sandwich');
  await expect(around).toContainText('parallelGet.func1');
  await expect(around).toContainText('Nothing calls it');
  const changes = around.getByTestId('sandwich-self').locator('[data-value]');
  const changesShown = async () =>
    changes.evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
  await expect.poll(changesShown).toEqual(golden.get('main.(*S3).parallelGet.func1'));
  await rows.filter({ hasText: 'main.index' }).click();
  await expect.poll(changesShown).toEqual(golden.get('main.index'));
  const callees = around.getByRole('region', { name: 'Calls', exact: true }).getByTestId('neighbour');
  await expect(callees).toHaveCount(1);
  await expect(callees).toContainText(/▽ −.*main\.frame−10 MiB/);
  await callees.click();
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('fn=main.frame');
  await page.reload();
  await openProfiles(page, [incidentFile, windowFile]);
  await expect(around.getByTestId('sandwich-self')).toContainText('10 MiB0 B−10 MiB');
  await page.keyboard.press('Escape');
  await expect(around).toBeHidden();

  await page.getByRole('button', { name: 'Share of the sum of each' }).click();
  await expect(callout).toContainText('main.frame has 13.45 % less of inuse_space in B');
  await page.getByRole('button', { name: 'Icicle', exact: true }).click();
  await expect(page.getByTestId('legend')).toContainText(/in both 8.*more in B 1.*less in B 1/);
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(callout).toContainText('main.frame has 13.45 % more of inuse_space in B');
  await page.getByTestId('icicle-keys').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('crumbs')).toContainText('parallelGet');

  // What has nothing in common says so.
  await openProfiles(page, {
    name: 'cpu.folded',
    mimeType: 'text/plain',
    buffer: Buffer.from('main;read 3\n'),
  });
  await page.getByRole('button', { name: /^A, before/ }).click();
  await page.getByRole('menuitemradio', { name: 'cpu.folded' }).click();
  await expect(page.getByTestId('profiles-not-shown')).toContainText('cpu.folded has samples in count');
});

test('files that cannot be read say why, a large one can be called off, and one is opened by a drop', async ({
  page,
  folder,
}) => {
  await goToProfiles(page);
  const whole = await readFile(incidentFile);
  await openProfiles(page, {
    name: 'cut.pb.gz',
    mimeType: 'application/gzip',
    buffer: whole.subarray(0, 600),
  });
  const openings = page.getByTestId('opening');
  await expect(openings).toContainText(
    'cut.pb.gz not opened (gzip): cut.pb.gz begins as gzip does, but is not whole',
  );
  await openings.getByRole('button', { name: 'Dismiss' }).click();
  await openProfiles(page, {
    name: 'bad.cpuprofile',
    mimeType: 'application/json',
    buffer: Buffer.from('{"nodes": [{"id": "x"}]}'),
  });
  await expect(openings).toContainText(/bad\.cpuprofile not opened \(cpuprofile, nodes\.0\.\w+\)/);
  await openings.getByRole('button', { name: 'Dismiss' }).click();

  const huge = join(folder, 'huge.folded');
  await writeFile(huge, '');
  await truncate(huge, 201 * MiB);
  await openProfiles(page, huge);
  await expect(openings).toContainText('huge.folded has 201 MiB: up to 200 MiB are read here.');
  await openings.getByRole('button', { name: 'Dismiss' }).click();

  const large = await writeFolded(join(folder, 'large.folded'), 120 * MiB);
  await pressWhenThere(page, 'Cancel');
  await openProfiles(page, large);
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset['pressed'])).toBe('Cancel');
  await expect(openings).toHaveCount(0);
  await openProfiles(page, incidentFile);
  await expect(page.getByTestId('opened-profile')).toHaveText(['incident.pb.gz']);

  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await drop(page, windowFile, 'window.pb.gz');
  await expect(page.getByTestId('opened-profile')).toHaveText(['incident.pb.gz', 'window.pb.gz']);
  await expect(page.getByTestId('callout')).toHaveText(
    '(*S3).parallelGet.func1 holds 85 % of inuse_space, 8 MiB',
  );
});

test('a heap snapshot shows its constructors, and what they keep', async ({ page, folder }) => {
  const path = join(folder, 'server.heapsnapshot');
  const script =
    'class Chunk { constructor() { this.bytes = new Array(1000).fill(1.5) } } globalThis.kept = Array.from({ length: 500 }, () => new Chunk()); require("v8").writeHeapSnapshot(process.argv[1])';
  await promisify(execFile)(process.execPath, ['-e', script, path]);
  await goToProfiles(page);
  await openProfiles(page, path);
  await expect(page.getByTestId('callout')).toContainText(/ takes [\d.]+ % of the heap/);
  await page.getByRole('searchbox').fill('chunk');
  const row = page.getByTestId('constructors-row').filter({ has: page.getByTitle('Chunk', { exact: true }) });
  await expect(row).toContainText(/Chunk500/);
  await expect(row.locator('[data-column=retained]')).toContainText(/^[3-9](\.\d+)? MiB/);
  await goToProfiles(page, 'compare');
  await expect(page.getByTestId('compare-none')).toContainText('Open two profiles');
});

/** Presses the button of what is being read as soon as it is there, in the page itself: a test may come too late. */
async function pressWhenThere(page: Page, name: string): Promise<void> {
  await page.evaluate((wanted) => {
    const observer = new MutationObserver(() => {
      const reading = '[data-testid=opening]:not([data-state=waiting])';
      const buttons = document.querySelectorAll<HTMLElement>(`${reading} button`);
      const button = [...buttons].find(({ textContent }) => textContent === wanted);
      if (!button) return;
      observer.disconnect();
      document.documentElement.dataset['pressed'] = wanted;
      button.click();
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  }, name);
}

/** Stacks of many functions, so that reading takes its time. */
async function writeFolded(path: string, bytes: number): Promise<string> {
  const out = createWriteStream(path);
  for (let written = 0, block = 0; written < bytes; block += 1) {
    const lines = Array.from({ length: 10_000 }, (_, line) => {
      const at = block * 10_000 + line;
      return `main;serve;read_${at % 1009};decode_${at % 9973};copy_${at % 99_991};leaf_${at % 7919} ${1 + (at % 13)}\n`;
    }).join('');
    written += lines.length;
    if (!out.write(lines)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return path;
}

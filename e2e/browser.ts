/** One Chromium for all tests of a worker: starting one takes longer than many a test. It ends with the worker. */
import { chromium, type Browser, type Page } from '@playwright/test';
import { testSwitches } from '../scripts/electron.ts';

let running: Promise<Browser> | undefined;

/** A page with cookies, storage and a cache of its own. All of that goes when it is closed. */
export async function openTab(): Promise<Page> {
  running ??= startChromium();
  return (await running).newPage();
}

/** A Chromium with these switches beside the usual ones, for whom a tab is not enough. Scrollbars take room, as in a window. */
export function startChromium(...switches: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...testSwitches(), ...switches],
    ignoreDefaultArgs: ['--hide-scrollbars'],
  });
}

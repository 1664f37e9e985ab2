/** What specs of profiles share: the fixtures of Go, and ways to open them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from '../scripts/process.ts';
import { expect } from './fixtures.ts';

const folder = join(root, 'src/main/profiling/fixtures');

/** The heap of the incident, and that of the program with a window. */
export const incidentFile = join(folder, 'incident.pb.gz');
export const windowFile = join(folder, 'window.pb.gz');

/** What `go tool pprof -top` says of the incident for a sample type. */
export async function goldenTop(type: string): Promise<string> {
  return await readFile(join(folder, `incident.${type}.txt`), 'utf8');
}

/** What it says of the program with a window, minus the incident. */
export async function goldenDifference(): Promise<string> {
  return await readFile(join(folder, 'window.diff.inuse_space.txt'), 'utf8');
}

export async function goToProfiles(page: Page, tab: 'profiles' | 'compare' = 'profiles'): Promise<void> {
  await page.evaluate((subject) => {
    location.hash = `#/heap/${subject}`;
  }, tab);
  await expect(page.getByTestId(tab)).toBeVisible();
}

/** Opens files as the dialog does. */
export async function openProfiles(page: Page, files: Parameters<Page['setInputFiles']>[1]): Promise<void> {
  await page.getByTestId('profile-files').first().setInputFiles(files);
}

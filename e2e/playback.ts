/** A run that is recorded, and what of it a test wants to know. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { nodeCodec } from '#main/recording/node-codec.ts';
import { defaultAlertSettings } from '#shared/alert-model.ts';
import type { Frame } from '#shared/model.ts';
import type { RecordingSummary } from '#shared/recording/model.ts';
import { openRecording, readBlock } from '#shared/recording/reader.ts';
import { parseRecords } from '#shared/recording/records.ts';
import { putObject, stalledClient } from './clients.ts';
import { expect, test as base } from './fixtures.ts';
import { variousRequests } from './requests.ts';

const MiB = 2 ** 20;

export interface RecordedRun {
  readonly summary: RecordingSummary;
  /** The recording as a file. */
  readonly file: string;
  readonly frames: readonly Frame[];
}

/** Requests of every sort, a mark, and a client that does not read, until the recording has it all. */
export async function recordedRun(
  server: string,
  page: Page,
  folder: string,
  until: (frames: readonly Frame[]) => boolean = () => true,
): Promise<RecordedRun> {
  const small = await putObject(server, folder, 'small.bin', 2 * MiB);
  const large = await putObject(server, folder, 'large.bin', 24 * MiB);
  await variousRequests(small);
  const client = await stalledClient(large.url);
  const lane = page.getByTestId('lane').and(page.locator('[data-diagnosis=client-bound]'));
  await expect(lane).toHaveCount(1, { timeout: 30_000 });
  await post(`${server}/api/v1/recordings/mark`, { note: 'the client has stopped' });
  for (;;) {
    await threeBlocks(folder);
    const run = await saved(server, folder);
    if (until(run.frames)) {
      client.leave();
      return run;
    }
  }
}

/**
 * A server without an alert for the client that does not read: it would come after ten seconds, so that a machine's
 * pace would decide whether it is in what is recorded.
 */
export const test = base.extend({
  flags: async ({ folder }, use) => {
    const alerts = { ...defaultAlertSettings, 'client-bound': { isOn: false, threshold: 10_000 } };
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data/alerts.json'), JSON.stringify(alerts));
    await use([]);
  },
});

/** What `isSteady` is about: an instant near the end, with something after it. */
export function instantOf(frames: readonly Frame[]): number {
  return frames.at(-8)?.at ?? 0;
}

/**
 * Nothing has changed in any lane around the instant, nor for three seconds and more before it: a console that saw more
 * frames than the recorder saw the same.
 */
export function isSteady(frames: readonly Frame[]): boolean {
  const states = frames
    .filter(({ at }) => at > instantOf(frames) - 5000)
    .map(({ lanes }) =>
      JSON.stringify(lanes.map(({ slots }) => slots.map(({ start, state }) => [start, state]))),
    );
  return new Set(states).size === 1;
}

/** Waits until three more blocks have been written: what is so now is in what is recorded then. */
export async function threeBlocks(folder: string): Promise<void> {
  const segments = join(folder, 'data/recordings/rolling');
  const bytesOf = async (): Promise<number> => {
    const sizes = (await readdir(segments)).map(async (name) => (await stat(join(segments, name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  for (let times = 0; times < 3; times += 1) {
    const before = await bytesOf();
    await expect.poll(bytesOf).toBeGreaterThan(before);
  }
}

async function saved(server: string, folder: string): Promise<RecordedRun> {
  const answer = await post(`${server}/api/v1/recordings`, { name: 'A slow client', note: 'see the end' });
  const summary = (await answer.json()) as RecordingSummary;
  const bytes = new Uint8Array(
    await (await fetch(`${server}/api/v1/recordings/${summary.id}`)).arrayBuffer(),
  );
  const file = join(folder, 'night.sluicerec');
  await writeFile(file, bytes);
  return { summary, file, frames: await framesOf(bytes) };
}

async function framesOf(bytes: Uint8Array): Promise<readonly Frame[]> {
  const source = {
    length: bytes.length,
    read: async (start: number, end: number) => bytes.slice(start, end),
  };
  const frames: Frame[] = [];
  for (const block of (await openRecording(source, nodeCodec)).blocks) {
    const { records } = parseRecords((await readBlock(source, nodeCodec, block)) ?? '');
    for (const record of records) if (record.kind === 'frame') frames.push(record.frame);
  }
  return frames;
}

function post(url: string, input: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: { 'content-type': 'application/json' },
  });
}

/** Drops a file on the window, as from a folder of the desktop. */
export async function drop(page: Page, file: string, name: string): Promise<void> {
  const base64 = (await readFile(file)).toString('base64');
  const transfer = await page.evaluateHandle(
    ([content, fileName]) => {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytes], fileName));
      return dropped;
    },
    [base64, name] as const,
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  await expect(page.getByTestId('drop-target')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

/** What a canvas shows, as one number. */
export async function pixelsOf(page: Page, selector: string): Promise<string> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => (element as HTMLCanvasElement).toDataURL());
}

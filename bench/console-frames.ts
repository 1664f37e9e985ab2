/**
 * What the Live view costs a browser: script time of each animation frame and of each frame that arrives, with 24 lanes
 * of 32 slots and 500 requests a second, in real Chromium. `node bench/console-frames.ts` on what is built.
 */
import { chromium } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSluiceServer } from './processes.ts';

const MiB = 2 ** 20;
const lanes = 24;
const requestsPerSecond = 500;
const warmUpMs = 8000;
const measuredMs = 15_000;

const folder = await mkdtemp(join(tmpdir(), 'sluice-frames-'));
const flags = ['--data-dir', join(folder, 'data'), '--disk-cache', '0'];
const sizes = [
  '--memory-budget',
  '512MiB',
  '--memory-cache',
  '64MiB',
  '--chunk-size',
  '256KiB',
  '--window',
  '32',
];
const server = await startSluiceServer([...flags, ...sizes]);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const stopping = new AbortController();
try {
  const url = `${server.url}/api/v1/object/bench/frames.bin`;
  await fetch(url, { method: 'POST', body: randomBytes(64 * MiB) });
  for (let lane = 0; lane < lanes; lane += 1) slowReader(url, stopping.signal);
  const load = requestLoad(url, stopping.signal);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(measureCallbacks);
  await page.goto(`${server.url}/console/`);
  await sleep(warmUpMs);
  await page.evaluate(() => (globalThis as unknown as { scriptTimes: number[] }).scriptTimes.splice(0));
  await sleep(measuredMs);
  const times = await page.evaluate(() => (globalThis as unknown as { scriptTimes: number[] }).scriptTimes);
  const shown = await page.getByTestId('lane').count();
  const rate = await page.getByTestId('in-flight').innerText();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (quantile: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0).toFixed(1);
  process.stdout.write(
    `${shown} lanes, ${rate.replaceAll('\n', ' ')}; script per animation frame in ms: ` +
      `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)} of ${times.length}\n`,
  );
  stopping.abort();
  await load;
} finally {
  stopping.abort();
  await browser.close();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}

/** Keeps a transfer open and reads a little now and then. */
function slowReader(url: string, signal: AbortSignal): void {
  const request = get(url, { agent: false, signal }, (response) => {
    const timer = setInterval(() => response.read(), 200);
    response.once('close', () => clearInterval(timer)).on('error', () => undefined);
    response.pause();
  });
  request.on('error', () => undefined);
}

async function requestLoad(url: string, signal: AbortSignal): Promise<void> {
  const batch = requestsPerSecond / 20;
  while (!signal.aborted) {
    const due = sleep(50);
    await Promise.allSettled(
      Array.from({ length: batch }, async () => {
        await (await fetch(url, { headers: { range: 'bytes=0-99' }, signal })).arrayBuffer();
      }),
    );
    await due;
  }
}

/** In the page: notes how long the callbacks of each animation frame run. */
function measureCallbacks(): void {
  const times: number[] = [];
  const perFrame = new Map<number, number>();
  const original = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) =>
    original((at) => {
      const begun = performance.now();
      callback(at);
      const before = perFrame.get(at);
      const spent = (before ?? 0) + performance.now() - begun;
      perFrame.clear();
      perFrame.set(at, spent);
      if (before === undefined) times.push(spent);
      else times[times.length - 1] = spent;
    });
  Object.assign(globalThis, { scriptTimes: times });
}

/**
 * A console that is left open while a thousand requests a second go by: does its memory stay flat, does the grid
 * follow, what does a filter over all kept rows cost, and what does all that cost the page. Chromium, with its garbage
 * collected before each reading, so that what is compared is what is kept.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { formatBytes, formatCount, MiB } from '#shared/units.ts';
import { testSwitches } from '../scripts/electron.ts';
import { end, startSluiceServer } from './processes.ts';
import { ratio, type BenchOptions, type Table } from './table.ts';

const requestsPerSecond = 1000;
const seconds = { full: 600, quick: 20 } as const;
const readings = { full: 10, quick: 4 } as const;

interface Reading {
  readonly atSeconds: number;
  readonly heapBytes: number;
  /** What the page's scripts took since the reading before, as a share of the time. */
  readonly scriptShare: number;
  readonly storesBytes: number;
  readonly requests: number;
}

export async function benchConsole({ size }: BenchOptions): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-console-'));
  try {
    await using server = await startSluiceServer(['--data-dir', folder, '--disk-cache', '0']);
    const path = '/api/v1/object/bench/object';
    await fetch(server.url + path, { method: 'POST', body: new Uint8Array(8 * MiB) });
    const load = spawn(
      process.execPath,
      [new URL('console-load.ts', import.meta.url).pathname, server.url + path],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, RATE: String(requestsPerSecond) },
      },
    );
    await using browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [...testSwitches()],
    });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}/console/`);
    await page.locator('[data-testid=connection][data-state=live]').waitFor();
    const taken = await watch(page, seconds[size], readings[size]);
    await end(load);
    return tableOf(taken);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function watch(page: Page, duration: number, count: number): Promise<readonly Reading[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.enable');
  const taken: Reading[] = [];
  let scriptBefore = await metric(session, 'ScriptDuration');
  let before = performance.now();
  const startedAt = before;
  // Rings are full and code is compiled before the first reading counts.
  for (let index = 1; index <= count; index += 1) {
    await sleep((duration * 1000) / count);
    const script = await metric(session, 'ScriptDuration');
    const now = performance.now();
    await session.send('HeapProfiler.collectGarbage');
    taken.push({
      atSeconds: Math.round((now - startedAt) / 1000),
      heapBytes: await metric(session, 'JSHeapUsedSize'),
      scriptShare: (script - scriptBefore) / ((now - before) / 1000),
      storesBytes: Number(await page.getByTestId('console-memory').getAttribute('data-used-bytes')),
      requests: await requestsSeen(page),
    });
    scriptBefore = await metric(session, 'ScriptDuration');
    before = performance.now();
  }
  return taken;
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
}

async function requestsSeen(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const answer = await fetch('../api/v1/stats');
    const { requests } = (await answer.json()) as { readonly requests: number };
    return requests;
  });
}

function tableOf(taken: readonly Reading[]): Table {
  const first = taken.at(Math.floor(taken.length / 3)) ?? taken[0];
  const rows = taken.map((reading, index) => {
    const earlier = taken[index - 1];
    const passed = reading.atSeconds - (earlier?.atSeconds ?? 0);
    return [
      `${reading.atSeconds} s`,
      formatCount(Math.round((reading.requests - (earlier?.requests ?? 0)) / passed)),
      formatBytes(reading.heapBytes),
      ratio(reading.heapBytes, first?.heapBytes ?? Number.NaN),
      formatBytes(reading.storesBytes),
      `${(reading.scriptShare * 100).toFixed(0)} %`,
    ];
  });
  return {
    title: `A console left open beside ${formatCount(requestsPerSecond)} requests a second`,
    columns: ['after', 'requests/s', 'JS heap', 'beside a third in', 'its own stores', 'script'],
    rows,
    note: 'JS heap after a forced collection. “Beside a third in” compares with the reading after a third of the run, when every ring has been filled once.',
  };
}

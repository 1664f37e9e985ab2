import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { defaultAlertSettings, type Alert, type AlertSettings } from '#shared/alert-model.ts';
import type { Frame } from '#shared/model.ts';
import { MiB } from '#shared/units.ts';
import { alertRules } from '#shared/vocabulary/alerts.ts';
import { Alerts } from './alerts.ts';

let server: Awaited<ReturnType<typeof startTestServer>>;
let frame: Frame;
let folder = '';

beforeEach(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), 'sluice-alerts-'));
  const client = createRouterClient(server.router, { context: { role: 'viewer' } });
  frame = await client.live.frame({ cursor: -1 });
});
afterEach(async () => {
  vi.useRealTimers();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Only this rule is on. */
function only(rule: (typeof alertRules)[number]): AlertSettings {
  const rules = alertRules.map((name) => [
    name,
    { isOn: name === rule, threshold: defaultAlertSettings[name].threshold },
  ]);
  return Object.fromEntries(rules) as AlertSettings;
}

function watching() {
  const recorded: Alert[] = [];
  const saves: [Alert, number, number][] = [];
  const alerts = new Alerts({
    dataDir: folder,
    record: (alert) => recorded.push(alert),
    save: async (...save) => `recording-${saves.push(save)}`,
    onTrouble: () => undefined,
  });
  return { alerts, recorded, saves };
}

describe('Alerts', () => {
  it('tell of a burst of 416, save the recording from a minute before, once in ten minutes', async () => {
    vi.useFakeTimers();
    const { alerts, recorded, saves } = watching();
    await alerts.setRules(only('refused-ranges'));
    const refused = (at: number, count: number): Frame => ({
      ...frame,
      at,
      requests: Array.from({ length: count }, (_, seq) => ({
        seq,
        at,
        method: 'GET',
        target: 't',
        status: 416,
        sentBytes: 0,
        durationMs: 1,
        client: 'c',
        complete: true,
      })),
    });
    alerts.see(refused(1_000_000, 5));
    expect(recorded).toEqual([]);
    alerts.see(refused(1_001_000, 1));
    expect(recorded).toMatchObject([{ rule: 'refused-ranges', state: 'firing', value: 6, threshold: 6 }]);
    alerts.see(refused(1_002_000, 4));
    expect(alerts.list[0]).toMatchObject({ value: 10, text: expect.stringContaining('10 requests') });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(saves.map(([, from, to]) => [from, to])).toEqual([[941_000, 1_031_000]]);
    expect(alerts.list[0]).toMatchObject({ recording: 'recording-1' });
    alerts.see(refused(1_040_000, 0));
    alerts.see(refused(1_046_000, 0));
    expect(recorded.map(({ state }) => state)).toEqual(['firing', 'resolved']);

    alerts.see(refused(1_100_000, 9));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saves.length).toBe(1);
    alerts.see(refused(1_200_000, 0));
    alerts.see(refused(1_206_000, 0));
    alerts.see(refused(1_700_000, 9));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saves.length).toBe(2);
    expect(alerts.list.length).toBe(3);
  });

  it('judge clients, the ledger, the store, the loop and the limit by what a frame says', () => {
    const { alerts, recorded } = watching();
    const { memory, engine } = frame;
    const lane = {
      client: '10.0.0.9',
      object: 'big',
      blockedMs: 12_000,
      heldBytes: MiB,
    } as Frame['lanes'][number];
    const bad: Frame = {
      ...frame,
      lanes: [lane],
      memory: { ...memory, ledgerBytes: memory.budgetBytes + 1, rssBytes: 95, limitBytes: 100 },
      engine: {
        ...engine,
        unaccountedBytes: 100 * MiB,
        loopDelayMs: { p50: 1, p99: 900, max: 900 },
        store: { ...engine.store, active: 1, firstByteMs: { p50: 1, p95: 3000, p99: 4000 } },
      },
    };
    for (let at = 0; at <= 61_000; at += 500) alerts.see({ ...bad, at });
    expect(recorded.map(({ rule }) => rule)).toEqual([
      'client-bound',
      'over-budget',
      'store-first-byte',
      'loop-delay',
      'memory-limit',
      'unaccounted',
    ]);
    expect(recorded[0]?.text).toBe('10.0.0.9 has taken nothing of big for 12.0 s; 1 MiB are held for it');
    alerts[Symbol.dispose]();
  });

  it('have rules that operators set, within bounds, and that outlive a restart', async () => {
    const operator = createRouterClient(server.router, { context: { role: 'operator' } });
    const viewer = createRouterClient(server.router, { context: { role: 'viewer' } });
    expect(await viewer.alerts.rules()).toEqual(defaultAlertSettings);
    await expect(viewer.alerts.setRules(only('loop-delay'))).rejects.toThrow('operator role');
    expect(await operator.alerts.setRules(only('loop-delay'))).toEqual(only('loop-delay'));
    const wrong = { ...defaultAlertSettings, 'memory-limit': { isOn: true, threshold: 101 } };
    await expect(operator.alerts.setRules(wrong)).rejects.toThrow('Input validation failed');

    const { alerts } = watching();
    await alerts.setRules(only('client-bound'));
    expect(watching().alerts.rules).toEqual(only('client-bound'));
    expect(JSON.parse(await readFile(join(folder, 'alerts.json'), 'utf8'))).toEqual(only('client-bound'));
  });

  it('fire for real: a burst of 416 is in the list and in what is recorded', async () => {
    const operator = createRouterClient(server.router, { context: { role: 'operator' } });
    await operator.recordings.start({ name: '', note: '' });
    const path = await server.put('short', 'hello');
    for (let at = 0; at < 8; at += 1)
      await (await server.get(path, { range: 'bytes=100-200' })).arrayBuffer();
    await expect
      .poll(async () => (await operator.alerts.list()).alerts.map(({ rule }) => rule), { timeout: 30_000 })
      .toContain('refused-ranges');
    expect((await operator.recordings.stop()).alerts).toBeGreaterThan(0);
  });
});

import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from '#shared/alert-model.ts';
import type { Mark } from '#shared/recording/records.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import { Flags } from './flags.ts';
import { type HearAlerts, RecorderStore } from './recorder-store.ts';

const alert = (id: string, at: number): Alert => ({
  id,
  rule: 'client-bound',
  state: 'firing',
  at,
  value: 11_000,
  threshold: 10_000,
  text: 'nothing is taken',
});

/** A server of which a test says what it has; it answers as the real one: nothing twice. */
class Server {
  alerts: readonly Alert[] = [];
  alertsVersion = 0;
  marks: readonly Mark[] = [];
  marksVersion = 0;
  /** Which versions it was told were seen. */
  readonly seen: (number | undefined)[] = [];
  hasRecordings = true;

  readonly client = {
    alerts: {
      list: async ({ seen }: { readonly seen?: number }) => {
        this.seen.push(seen);
        const isNew = seen !== this.alertsVersion;
        return { at: 5000, version: this.alertsVersion, alerts: isNew ? this.alerts : [] };
      },
    },
    recordings: {
      state: async () => {
        if (!this.hasRecordings) throw new Error('this server has no recordings');
        return { savedBytes: 7 };
      },
      marks: async ({ seen }: { readonly seen?: number }) => {
        const isNew = seen !== this.marksVersion;
        return { version: this.marksVersion, marks: isNew ? this.marks : [] };
      },
    },
  } as unknown as ConsoleClient;
}

let server: Server;
let heard: Parameters<HearAlerts>[];
let flags: Flags;
let store: RecorderStore;
beforeEach(() => {
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  server = new Server();
  heard = [];
  flags = new Flags();
  store = new RecorderStore({
    call: (work) => work(server.client),
    flags,
    onAlerts: (...told) => heard.push(told),
  });
});

/** The next answer. */
const read = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = store.changed.subscribe(() => {
      stop();
      resolve();
    });
    store.refresh();
  });

describe('RecorderStore', () => {
  it('hears of alerts once, and keeps what it is not sent again', async () => {
    server.alerts = [alert('a', 1000)];
    server.alertsVersion = 3;
    server.marks = [{ id: 'm', at: 500, note: 'before' }];
    server.marksVersion = 1;
    const first = read();
    const stop = store.follow();
    await first;
    await read();
    expect(server.seen).toEqual([undefined, 3]);
    expect(heard).toEqual([[[alert('a', 1000)], 5000, 'first']]);
    expect(store.alerts).toEqual([alert('a', 1000)]);
    expect(flags.list.map(({ kind, at }) => [kind, at])).toEqual([
      ['mark', 500],
      ['alert', 1000],
    ]);
    server.alerts = [alert('b', 4000), alert('a', 1000)];
    server.alertsVersion = 4;
    await read();
    expect(heard.at(-1)).toEqual([server.alerts, 5000, 'later']);
    expect(flags.list).toHaveLength(3);
    expect(store.state).toEqual({ savedBytes: 7 });
    stop();
  });

  it('begins anew with each connection, and has no state where nothing is recorded', async () => {
    server.alertsVersion = 3;
    const first = read();
    const stopFirst = store.follow();
    await first;
    stopFirst();
    server.hasRecordings = false;
    const second = read();
    const stop = store.follow();
    await second;
    expect(server.seen).toEqual([undefined, undefined]);
    expect(heard.every(([, , turn]) => turn === 'first')).toBe(true);
    expect(store.state).toBeUndefined();
    expect(store.isWatching).toBe(true);
    stop();
  });
});

import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';
import { socketUrl } from './connect.ts';

describe('backoffMs', () => {
  it('doubles and stops at ten seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((failures) => backoffMs(failures, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
  });

  it('never waits less than half', () => {
    expect(backoffMs(1, 0)).toBe(250);
    expect(backoffMs(60, 0)).toBe(5000);
  });
});

describe('socketUrl', () => {
  it('is beside the console, behind any prefix, as ws or wss', () => {
    expect(socketUrl('http://127.0.0.1:7420/console/')).toBe('ws://127.0.0.1:7420/rpc');
    expect(socketUrl('https://host/tools/sluice/console/#x')).toBe('wss://host/tools/sluice/rpc');
  });

  it('names the server that it is for', () => {
    expect(socketUrl('http://127.0.0.1:7420/console/', 'a b')).toBe('ws://127.0.0.1:7420/rpc?server=a+b');
  });
});

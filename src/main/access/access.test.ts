/** Tokens, sessions and failures by themselves; how they meet over HTTP is in server/access.test.ts. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, ipV4, property } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failures, forgiveMilliseconds, maxAddresses, maxFailures } from './failures.ts';
import { maxSessions, sessionMilliseconds, Sessions } from './sessions.ts';
import { isToken, Tokens } from './tokens.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('Tokens', () => {
  it('are found by themselves only, by every process, and kept as hashes in a file of their owner', async () => {
    const tokens = new Tokens(folder);
    const elsewhere = new Tokens(folder);
    const viewer = await tokens.add('viewer', 'wall screen');
    const operator = await elsewhere.add('operator');
    expect(isToken(viewer.token)).toBe(true);
    for (const each of [tokens, elsewhere]) {
      expect(each.find(viewer.token)).toMatchObject({ role: 'viewer', name: 'wall screen' });
      expect(each.find(operator.token)).toMatchObject({ role: 'operator' });
      expect(each.find(`${viewer.token.slice(0, -1)}-`)).toBeUndefined();
      expect(each.find('')).toBeUndefined();
    }
    expect(statSync(tokens.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(tokens.path, 'utf8')).not.toContain(viewer.token.slice(4, 20));
    expect(readdirSync(folder)).toEqual(['access.json']);
    const name = tokens.server;
    expect(await elsewhere.remove(viewer.record.id)).toBe(true);
    expect(await elsewhere.remove(viewer.record.id)).toBe(false);
    expect(tokens.find(viewer.token)).toBeUndefined();
    expect(tokens.server).toBe(name);
  });

  it('let nobody in when their file cannot be read, and say which it is', () => {
    const tokens = new Tokens(folder);
    writeFileSync(tokens.path, '{"tokens": [');
    expect(() => tokens.list()).toThrow(`${tokens.path} is not what Sluice wrote: mend it, or move it away`);
    expect(tokens.find('slu_')).toBeUndefined();
  });
});

describe('Sessions', () => {
  it('last for their time, over restarts, and the oldest end when there are too many', async () => {
    let now = 1_000_000;
    const sessions = new Sessions(folder, () => now);
    const first = await sessions.begin('token');
    expect(new Sessions(folder, () => now).tokenOf(first)).toBe('token');
    now += sessionMilliseconds - 1;
    expect(sessions.tokenOf(first)).toBe('token');
    now += 1;
    expect(sessions.tokenOf(first)).toBeUndefined();
    const others = await Promise.all(Array.from({ length: maxSessions + 1 }, () => sessions.begin('token')));
    expect(sessions.size).toBe(maxSessions);
    expect(sessions.tokenOf(others[0] ?? '')).toBeUndefined();
    expect(sessions.tokenOf(others.at(-1) ?? '')).toBe('token');
    await sessions.end(others.at(-1) ?? '');
    expect(new Sessions(folder, () => now).tokenOf(others.at(-1) ?? '')).toBeUndefined();
    const kept = readFileSync(join(folder, 'sessions.json'), 'utf8');
    expect(kept).not.toContain(others[5]);
    expect(statSync(join(folder, 'sessions.json')).mode & 0o777).toBe(0o600);
  });
});

describe('Failures', () => {
  it('hold an address back after ten, and forgive one at a time', () => {
    let now = 0;
    const failures = new Failures(() => now);
    for (let count = 1; count < maxFailures; count += 1) failures.note('192.0.2.1');
    expect(failures.waitMs('192.0.2.1')).toBe(0);
    failures.note('192.0.2.1');
    expect(failures.waitMs('192.0.2.1')).toBe(forgiveMilliseconds);
    expect(failures.waitMs('192.0.2.2')).toBe(0);
    now += forgiveMilliseconds;
    expect(failures.waitMs('192.0.2.1')).toBe(0);
    failures.note('192.0.2.1');
    expect(failures.waitMs('192.0.2.1')).toBe(forgiveMilliseconds);
  });

  it('count neighbours in IPv6 as one, and an IPv4 address however it is written', () => {
    const failures = new Failures(() => 0);
    for (let count = 0; count < maxFailures; count += 1) failures.note(`2001:db8:1:2::${count}`);
    expect(failures.waitMs('2001:db8:1:2:ffff:1:2:3')).toBeGreaterThan(0);
    expect(failures.waitMs('2001:db8:1:3::1')).toBe(0);
    for (let count = 0; count < maxFailures; count += 1) failures.note('::ffff:192.0.2.9');
    expect(failures.waitMs('192.0.2.9')).toBeGreaterThan(0);
    expect(failures.waitMs('::1')).toBe(0);
  });

  it('never need more than their table, whoever comes', () => {
    assert(
      property(array(ipV4(), { maxLength: 3000, size: 'max' }), (addresses) => {
        const failures = new Failures(() => 0);
        for (const address of addresses) failures.note(address);
        expect(failures.size).toBeLessThanOrEqual(maxAddresses);
        for (const address of addresses.slice(-1)) expect(failures.waitMs(address)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 20 },
    );
  });
});

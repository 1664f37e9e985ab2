/** `sluice check` as its users run it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultyServer, startFaultyServer } from '#main/testing/faulty-server.ts';
import { allChecks } from '#main/probe/checks/suite.ts';
import { sluice } from './testing.ts';

let server: FaultyServer;
beforeAll(async () => {
  server = await startFaultyServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('sluice check', () => {
  it('ends with 0 when every MUST holds, and says so line by line', async () => {
    server.fault = (reply) => reply;
    const { code, stdout, stderr } = await sluice(['check', server.url]);
    expect([code, stderr]).toEqual([0, '']);
    const text = stdout.toString();
    expect(text).toContain('4.88 KiB (5,000 bytes) · ETag "v1"');
    expect(text).toMatch(/^pass {2}MUST {4}range-first-byte {2,}bytes=0-0 is the first byte$/m);
    expect(text).toContain(`\n${allChecks.length} pass, 0 fail, 0 warn, 0 not applicable\n`);
  });

  it('ends with 1 when one is broken, with what came, the section and a line for curl', async () => {
    server.fault = (reply, { headers }) =>
      headers['if-match']?.[0] === 'W/"v1"' ? { ...reply, status: 200 } : reply;
    const { code, stdout, stderr } = await sluice(['check', server.url, '--only', 'if-match*']);
    expect([code, stderr]).toEqual([1, 'sluice: 1 of 5 checks failed\n']);
    const line = `RFC 9110, 13.1.1: curl -sS -D - -o /dev/null -H 'If-Match: W/"v1"' ${server.url}`;
    const [first, second, third] = stdout.toString().split('\n').slice(-6);
    expect(first).toMatch(
      /^fail {2}MUST {4}if-match-weak {2,}If-Match compares strongly: a weak entity tag is a 412$/,
    );
    expect(second?.trim()).toBe(
      'Came 200 with 0 B of body; expected 412: a weak tag never matches strongly.',
    );
    expect(third?.trim()).toBe(line);
  });

  it('writes JSON for programs', async () => {
    server.fault = (reply) => reply;
    const { stdout } = await sluice(['check', server.url, '--json', '--only', 'range', '--only', 'date']);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      object: { url: server.url, length: 5000, etag: '"v1"' },
      counts: { pass: 2, fail: 0 },
      results: [
        { id: 'date', level: 'MUST', verdict: 'pass' },
        { id: 'range', level: 'MAY', section: 'RFC 9110, 14.2' },
      ],
    });
  });

  it('lists what it would check', async () => {
    const { code, stdout } = await sluice(['check', '--list']);
    expect([code, stdout.toString().trim().split('\n').length]).toEqual([0, allChecks.length]);
  });

  it.each([
    [[], 'URL "": allowed is the http:// or https:// URL of an object, or --list without one'],
    [['ftp://host/x'], 'URL "ftp://host/x": allowed is'],
    [
      ['http://127.0.0.1:1/x', '--only', 'nothing'],
      '--only "nothing": allowed is an id of "sluice check --list"',
    ],
    [['http://a:b@127.0.0.1:1/x'], 'no user and no password'],
  ])('refuses %j with 2', async (args, words) => {
    const { code, stderr } = await sluice(['check', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

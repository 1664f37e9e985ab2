/** What Sluice promises about uploads and names: docs/semantics.md, one test for each sentence, with the same words. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSluiceError } from '#shared/errors.ts';
import { parseGoDuration, timeToLive } from './duration.ts';
import { objectKey, parseRepository, snapshotKey } from './names.ts';
import { headersToStore } from './stored-headers.ts';
import { requestedEtag } from '#shared/http/validators.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The code of what `act` throws, or what it returns. */
function outcomeOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return isSluiceError(error) ? error.code : error;
  }
}

describe('Objects', () => {
  it('A key of 64 hex digits names the object by itself; any other is hashed with SHA-256.', () => {
    const hash = sha256('anything');
    expect(objectKey('ns', hash)).toBe(`ns/${hash.slice(0, 2)}/${hash}`);
    expect(objectKey('ns', hash.toUpperCase())).toBe(objectKey('ns', hash));
    expect(objectKey('ns', 'anything')).toBe(objectKey('ns', hash));
    expect(objectKey('ns', hash.slice(1))).not.toBe(objectKey('ns', hash));
    expect(objectKey('ns', 'a/../b')).toBe(`ns/${sha256('a/../b').slice(0, 2)}/${sha256('a/../b')}`);
  });

  it('A namespace or key outside the rules is 400.', () => {
    const namespaces = ['', '.', '..', '-a', '_a', 'a/b', 'a b', 'a.b', 'é', 'a\n', 'a'.repeat(256)];
    for (const namespace of namespaces) {
      expect([namespace, outcomeOf(() => objectKey(namespace, 'key'))]).toEqual([namespace, 'INVALID_INPUT']);
    }
    for (const key of ['', '.', '..', 'a\0', 'a\r\nb', 'k'.repeat(1025)]) {
      expect([key, outcomeOf(() => objectKey('ns', key))]).toEqual([key, 'INVALID_INPUT']);
    }
    expect(objectKey('A0_-', 'ключ')).toMatch(/^A0_-\/[0-9a-f]{2}\/[0-9a-f]{64}$/);
  });

  it("An upload's ETag must be one strong tag of the permitted characters; anything else is 400.", () => {
    expect(requestedEtag('"v1.2_a:b/c+d=-"')).toBe('v1.2_a:b/c+d=-');
    for (const field of ['v1', 'W/"v1"', '""', '"a b"', '"a,b"', '"a", "b"', '*', '"é"', '']) {
      expect([field, outcomeOf(() => requestedEtag(field))]).toEqual([field, 'INVALID_INPUT']);
    }
  });

  it('Time-To-Live is a Go duration above zero; anything else is 400.', () => {
    expect(timeToLive(undefined)).toBeUndefined();
    expect(timeToLive('1h30m')).toBe(5_400_000);
    for (const field of ['', '0', '0s', '-1h', '60', '1 h', '1d', 'h', 'soon', '1h, 1h', '1h'.repeat(40)]) {
      expect([field, outcomeOf(() => timeToLive(field))]).toEqual([field, 'INVALID_INPUT']);
    }
  });

  it('Request fields that describe the object are stored and served with it, repeated ones too.', () => {
    const fields = {
      'content-type': ['application/zstd'],
      'content-encoding': ['gzip'],
      'cache-control': ['max-age=60'],
      'x-cachew-snapshot-commit': ['c0ffee'],
      'x-list': ['1', '2'],
    };
    expect(headersToStore(fields)).toEqual(fields);
  });

  it('Fields about the transport, conditions, credentials, the connection or the origin are never stored.', () => {
    const never = [
      ['content-length', 'date', 'accept-encoding', 'user-agent', 'transfer-encoding', 'time-to-live'],
      [
        'if-match',
        'if-none-match',
        'if-modified-since',
        'if-unmodified-since',
        'if-range',
        'range',
        'content-range',
      ],
      [
        'authorization',
        'proxy-authorization',
        'cookie',
        'set-cookie',
        'host',
        'origin',
        'sec-fetch-site',
        'expect',
      ],
      [
        'connection',
        'keep-alive',
        'proxy-connection',
        'te',
        'trailer',
        'upgrade',
        'x-forwarded-for',
        'accept',
      ],
      ['etag', 'last-modified', 'content-security-policy', 'access-control-allow-origin', 'clear-site-data'],
    ].flat();
    const sent = Object.fromEntries(never.map((name) => [name, ['value']]));
    expect(headersToStore({ ...sent, 'x-kept': ['value'] })).toEqual({ 'x-kept': ['value'] });
  });

  it('Fields that Connection names are not stored.', () => {
    const sent = {
      connection: ['close, X-Hop', 'x-other'],
      'x-hop': ['1'],
      'x-other': ['1'],
      'x-kept': ['1'],
    };
    expect(headersToStore(sent)).toEqual({ 'x-kept': ['1'] });
  });
});

describe('Snapshots', () => {
  it('A snapshot is found by host in any case and path, with or without .git.', () => {
    const repository = parseRepository('github.com/block/cachew');
    const hash = sha256('https://github.com/block/cachew.snapshot');
    expect(repository).toEqual({
      host: 'github.com',
      path: 'block/cachew',
      upstream: 'https://github.com/block/cachew',
    });
    expect(snapshotKey(repository)).toBe(`${hash.slice(0, 2)}/${hash}`);
    expect(parseRepository('GitHub.com/block/cachew.git')).toEqual(repository);
    expect(parseRepository('github.com/Block/cachew')).not.toEqual(repository);
    expect(parseRepository('localhost:3000/a/b/c~d/e.f+g@h')).toMatchObject({ path: 'a/b/c~d/e.f+g@h' });
  });

  it('A repository name with empty, relative or odd segments is 400.', () => {
    const names = [
      [
        '',
        '/',
        'host',
        'host/',
        '/path',
        'host//path',
        'host/path/',
        'host/.',
        'host/..',
        'host/a/../b',
        'host/.git',
      ],
      [
        '../etc/passwd',
        '..',
        'host/a b',
        'host/a?b',
        'host/a#b',
        'host/a\\b',
        'host/a%2e',
        'host/a\0',
        'host/a\n',
      ],
      [
        'user@host/a',
        'ho st/a',
        '-host/a',
        'host-/a',
        'a..b/c',
        '[::1]/a',
        'host:/a',
        `host/${'a'.repeat(1024)}`,
      ],
    ].flat();
    for (const name of names) {
      expect([name, outcomeOf(() => parseRepository(name))]).toEqual([name, 'INVALID_INPUT']);
    }
  });
});

describe('parseGoDuration', () => {
  it.each([
    ['0', 0],
    ['300ms', 300],
    ['1.5h', 5_400_000],
    ['1h30m', 5_400_000],
    ['2h45m30.5s', 9_930_500],
    ['1m1ms', 60_001],
    ['.5s', 500],
    ['5.s', 5000],
    ['-1h', -3_600_000],
    ['+1h', 3_600_000],
    ['1500000ns', 1.5],
    ['2µs', 0.002],
    ['2μs', 0.002],
    ['2us', 0.002],
    ['2562047h', 9_223_369_200_000],
  ])('reads %s as %d ms', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 6);
  });

  it.each([
    '',
    '-',
    '+',
    '1',
    '.s',
    '1x',
    '1h ',
    ' 1h',
    '1h 1m',
    'h1',
    '1H',
    '1e3s',
    '--1h',
    '2562048h',
    '00',
    '1..5s',
  ])('refuses %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});

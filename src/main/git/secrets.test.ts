import { describe, expect, it } from 'vitest';
import { maskSecrets } from './secrets.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;

describe('maskSecrets', () => {
  it.each([
    ['https://user:pass@host/path', 'https://***@host/path'],
    ['https://user:p@ss@host/path', 'https://***@host/path'],
    [`https://${token}@github.com/a/b`, 'https://***@github.com/a/b'],
    ['ssh://git:pass@host/path', 'ssh://***@host/path'],
    [`remote: the token ${token} is no good`, 'remote: the token *** is no good'],
    [`github_pat_${'x'.repeat(40)}`, '***'],
    ['glpat-abcdefghij0123456789', '***'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
    ['authorization: Basic dTpw', 'authorization: Basic ***'],
    ['https://host/p?access_token=abc&x=1', 'https://host/p?access_token=***&x=1'],
    ['password=hunter2', 'password=***'],
  ])('masks %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it.each([
    'ssh://git@host/path',
    "fatal: unable to access 'https://host:8443/path/': Failed to connect",
    'Receiving objects:  42% (420/1000), 1.20 MiB | 1.00 MiB/s',
    '5a3c0de5a3c0de5a3c0de5a3c0de5a3c0de5a3c0 refs/heads/token',
  ])('leaves %s as it is', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  it('masks what it is told', () => {
    expect(maskSecrets('one two one', ['one'])).toBe('*** two ***');
  });
});

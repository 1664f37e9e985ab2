import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isRefName } from './ref-name.ts';

const good = [
  'refs/heads/main',
  'refs/tags/v1.0',
  'refs/heads/fix-a.b_c/d',
  'refs/heads/ünïcode',
  'refs/heads/@',
];
const outside = ['', 'main', 'refs', 'refs/', '/refs/heads/main', 'HEAD', '--upload-pack=x'];
const bad = [
  ['refs//main', 'refs/heads/', 'refs/heads/a.', 'refs/heads/a..b', 'refs/heads/.a', 'refs/heads/a/.b'],
  [
    'refs/heads/a.lock',
    'refs/a.lock/b',
    'refs/heads/a b',
    'refs/heads/a~1',
    'refs/heads/a^',
    'refs/heads/a:b',
  ],
  ['refs/heads/a?', 'refs/heads/*', 'refs/heads/[a', 'refs/heads/a\\b', 'refs/heads/a@{1}', 'refs/a\n'],
  ['refs/heads/a\u0001', 'refs/heads/a\u007f'],
].flat();

function git(name: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('isRefName', () => {
  it.each(good)('takes %j, as git does', (name) => {
    expect([isRefName(name), git(name)]).toEqual([true, true]);
  });

  it.each(bad)('refuses %j, as git does', (name) => {
    expect([isRefName(name), git(name)]).toEqual([false, false]);
  });

  it.each(outside)('refuses %j, which is not below refs/', (name) => {
    expect(isRefName(name)).toBe(false);
  });

  it('refuses what is too long or is no text', () => {
    expect(isRefName(`refs/heads/${'x'.repeat(1000)}`)).toBe(true);
    expect(isRefName(`refs/heads/${'x'.repeat(1100)}`)).toBe(false);
    expect(isRefName('refs/heads/\ud800')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { patternsOf, readAddable } from './addable.ts';

const rules = [
  'https://github.com/block/*',
  'https://git.example/team/*=file:///srv/git/*',
  'https://one.example/a',
];

describe('readAddable', () => {
  it.each([
    ['https://github.com/block/cachew', 'https://github.com/block/cachew'],
    ['  github.com/block/cachew.git ', 'https://github.com/block/cachew'],
    ['GitHub.com/block/cachew/', 'https://github.com/block/cachew'],
    ['git.example/team/deep/project', 'https://git.example/team/deep/project'],
    ['one.example/a', 'https://one.example/a'],
  ])('takes %s', (text, name) => {
    expect(readAddable(text, rules)).toEqual({ kind: 'repository', name });
  });

  it.each([
    'github.com',
    'github.com/block/*',
    'http://github.com/block/cachew',
    'https://github.com/block/cachew=file:///x',
    'github.com/block/../other',
    'ssh://git@github.com/block/cachew',
  ])('says that %s is no repository', (text) => {
    expect(readAddable(text, rules)).toMatchObject({
      kind: 'wrong',
      sentence: expect.stringContaining('no repository'),
    });
  });

  it('names the rules when none allows it', () => {
    expect(readAddable('github.com/other/thing', rules)).toEqual({
      kind: 'wrong',
      sentence: 'No rule allows it. Allowed: https://github.com/block/*, https://git.example/team/*.',
    });
  });

  it('says nothing about nothing', () => {
    expect(readAddable('  ', rules)).toEqual({ kind: 'nothing' });
  });
});

it('patterns are shown without the places that they are fetched from', () => {
  expect(patternsOf(rules)).toEqual(['https://github.com/block/*', 'https://git.example/team/*']);
});

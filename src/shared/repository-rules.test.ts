import { describe, expect, it } from 'vitest';
import { fetchUrlOf, isPattern, parseRepositoryRule, ruleFor } from './repository-rules.ts';

const rules = (...texts: readonly string[]) =>
  texts.map(parseRepositoryRule).filter((rule) => rule !== undefined);

describe('parseRepositoryRule', () => {
  it.each([
    ['https://github.com/block/cachew', { host: 'github.com', path: 'block/cachew' }],
    ['https://GitHub.com/Block/cachew.git', { host: 'github.com', path: 'Block/cachew' }],
    ['https://git.example:8443/a/b/c', { host: 'git.example:8443', path: 'a/b/c' }],
    ['https://github.com/block/*', { host: 'github.com', path: 'block/*' }],
    ['https://github.com/*', { host: 'github.com', path: '*' }],
    ['https://git.example/a=file:///srv/a.git', { path: 'a', fetchUrl: 'file:///srv/a.git' }],
    ['https://git.example/*=file:///srv/*', { path: '*', fetchUrl: 'file:///srv/*' }],
    ['https://git.example/a=ssh://git@host:22/a', { path: 'a', fetchUrl: 'ssh://git@host:22/a' }],
  ])('reads %s', (text, rule) => {
    expect(parseRepositoryRule(text)).toMatchObject({ text, ...rule });
  });

  it.each([
    '',
    'github.com/block/cachew',
    'http://github.com/block/cachew',
    'https://github.com',
    'https://github.com/',
    'https://github.com/*/cachew',
    'https://github.com/block/c*',
    'https://github.com/../etc',
    'https://github.com/a//b',
    'https://user@github.com/a',
    'https://git.example/a=',
    'https://git.example/a=/srv/a',
    'https://git.example/a=ext::sh',
    'https://git.example/a=--upload-pack=sh',
    'https://git.example/a=https://user:word@host/a',
    'https://git.example/a=ssh://user:word@host/a',
    'https://git.example/*=file:///srv/a',
    'https://git.example/a=file:///srv/*',
    'https://git.example/a=file://host/srv',
  ])('refuses %j', (text) => {
    expect(parseRepositoryRule(text)).toBeUndefined();
  });
});

describe('ruleFor', () => {
  const some = rules(
    'https://git.example/team/*=file:///srv/*',
    'https://git.example/team/a',
    'https://other.example/*',
  );

  it.each([
    ['git.example', 'team/a', 'https://git.example/team/a'],
    ['git.example', 'team/b', 'https://git.example/team/*=file:///srv/*'],
    ['git.example', 'team/b/c', 'https://git.example/team/*=file:///srv/*'],
    ['other.example', 'any/thing', 'https://other.example/*'],
    ['git.example', 'team', undefined],
    ['git.example', 'teams/a', undefined],
    ['example', 'team/a', undefined],
  ])('finds for %s/%s the rule %s', (host, path, text) => {
    expect(ruleFor(some, { host, path })?.text).toBe(text);
  });
});

describe('fetchUrlOf', () => {
  it.each([
    ['https://git.example/team/a', 'team/a', 'https://git.example/team/a'],
    ['https://git.example/team/a=file:///srv/x.git', 'team/a', 'file:///srv/x.git'],
    ['https://git.example/team/*=file:///srv/*', 'team/b/c', 'file:///srv/b/c'],
    ['https://git.example/*=ssh://git@host/*', 'team/a', 'ssh://git@host/team/a'],
  ])('of %s for %s is %s', (text, path, url) => {
    const [rule] = rules(text);
    expect(rule && fetchUrlOf(rule, { host: 'git.example', path })).toBe(url);
    expect(rule && isPattern(rule)).toBe(text.includes('*'));
  });
});

import { describe, expect, it } from 'vitest';
import { hashOfLink, linkIn } from './links.ts';

describe('links into the console', () => {
  it.each([
    ['sluice://requests', '#/requests'],
    ['sluice://requests/17?q=status%3A416', '#/requests/17?q=status%3A416'],
    ['sluice://repositories/git.example/team/project', '#/repositories/git.example/team/project'],
    ['sluice://console/#/live?span=5', '#/live?span=5'],
    ['sluice://', '#/'],
  ])('%s is %s', (link, hash) => {
    expect(hashOfLink(link)).toBe(hash);
  });

  it.each([
    'https://example.com/',
    'sluice:requests',
    'sluice://user:password@requests',
    'sluice://a b',
    'sluice://EVIL.example.com/',
    'javascript:alert(1)',
    `sluice://requests?q=${'a'.repeat(5000)}`,
    '--port',
    '',
  ])('%s is none', (link) => {
    expect(hashOfLink(link)).toBeUndefined();
  });

  it('come with the command line of a start, beside its flags', () => {
    expect(linkIn(['sluice', '--port', '0', 'sluice://live'])).toEqual({
      link: 'sluice://live',
      rest: ['sluice', '--port', '0'],
    });
    expect(linkIn(['sluice'])).toEqual({ link: undefined, rest: ['sluice'] });
  });
});

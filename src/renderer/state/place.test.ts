import { afterEach, describe, expect, it, vi } from 'vitest';
import { go, parsePlace, placeHash } from './place.ts';

describe('places', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    { hash: '', view: '', subject: '' },
    { hash: '#', view: '', subject: '' },
    { hash: '#/live', view: 'live', subject: '' },
    { hash: '#repositories', view: 'repositories', subject: '' },
    {
      hash: '#/repositories/git.example/team/project',
      view: 'repositories',
      subject: 'git.example/team/project',
    },
    { hash: '#/repositories/%E0%A4%A/x', view: 'repositories', subject: '%E0%A4%A/x' },
  ])('$hash is $view $subject', ({ hash, view, subject }) => {
    expect(parsePlace(hash)).toEqual({ view, subject, params: {} });
  });

  it.each(['git.example/team/project', 'localhost:3000/a b/c+d@e~f', 'git.example/50%/#1?'])(
    'goes to %s and back',
    (subject) => {
      const hash = placeHash('repositories', subject);
      expect(hash).toMatch(/^#\/repositories\/[^#?\s]+$/);
      expect(parsePlace(hash)).toEqual({ view: 'repositories', subject, params: {} });
    },
  );

  it('say how the view is looked at, whatever is in the values', () => {
    expect(parsePlace('#/requests?q=status%3A206+tier%3Astore&from=1').params).toEqual({
      q: 'status:206 tier:store',
      from: '1',
    });
    const params = { q: 'a=b&c?d#e +"ü', t: '1' };
    expect(parsePlace(placeHash('requests', '17', params))).toEqual({
      view: 'requests',
      subject: '17',
      params,
    });
  });

  it('a view with nothing open has a short address', () => {
    expect(placeHash('live')).toBe('#/live');
  });

  it('stay with a server and a recording, wherever one goes in them', () => {
    const at = (hash: string): unknown => vi.stubGlobal('location', { hash });
    at('#/live?recording=a&at=5&q=x');
    expect(placeHash('requests')).toBe('#/requests?recording=a&at=5');
    expect(placeHash('requests', '', { q: 'y', at: '6' })).toBe('#/requests?q=y&recording=a&at=6');
    expect(placeHash('live', '', { recording: 'b' })).toBe('#/live?recording=b');
    expect(placeHash('live', '', { recording: '' })).toBe('#/live');
    expect(placeHash('live', '', { server: 'far' })).toBe('#/live?server=far');
    at('#/live?server=far&recording=a&at=5');
    expect(placeHash('downloads')).toBe('#/downloads?server=far&recording=a&at=5');
    expect(placeHash('downloads', '', { server: '' })).toBe('#/downloads');
    at('#/live?at=5');
    expect(placeHash('requests')).toBe('#/requests');
  });

  it.each(['push', 'replace'] as const)(
    'are known to everybody before somebody who goes there goes on: %s',
    (how) => {
      const page = { hash: '#/live', known: '' };
      const change = (_state: unknown, _title: string, hash: string): void => {
        page.hash = hash;
      };
      vi.stubGlobal('location', page);
      vi.stubGlobal('history', { pushState: change, replaceState: change });
      vi.stubGlobal('HashChangeEvent', Event);
      vi.stubGlobal('dispatchEvent', ({ type }: Event) => {
        if (type === 'hashchange') page.known = page.hash;
      });
      go({ view: 'requests', subject: '', params: { q: 'status:206' } }, how);
      expect(page).toEqual({ hash: '#/requests?q=status%3A206', known: '#/requests?q=status%3A206' });
    },
  );
});

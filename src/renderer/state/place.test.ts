import { describe, expect, it } from 'vitest';
import { parsePlace, placeHash } from './place.ts';

describe('places', () => {
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
    expect(parsePlace(hash)).toEqual({ view, subject });
  });

  it.each(['git.example/team/project', 'localhost:3000/a b/c+d@e~f', 'git.example/50%/#1?'])(
    'goes to %s and back',
    (subject) => {
      const hash = placeHash('repositories', subject);
      expect(hash).toMatch(/^#\/repositories\/[^#?\s]+$/);
      expect(parsePlace(hash)).toEqual({ view: 'repositories', subject });
    },
  );

  it('a view with nothing open has a short address', () => {
    expect(placeHash('live')).toBe('#/live');
  });
});

import { describe, expect, it } from 'vitest';
import type { SettingState } from '#shared/contract/settings.ts';
import { inForceWords, nextWords, whoWords } from './words.ts';

const state: SettingState = {
  name: 'window',
  value: '8',
  provenance: 'default',
  origin: '--window',
  fallback: '8',
};

describe('the words of a setting', () => {
  it('say who decides', () => {
    expect(whoWords(state)).toBe('default');
    expect(whoWords({ ...state, provenance: 'saved' })).toBe('saved here');
    expect(whoWords({ ...state, provenance: 'flag' })).toBe('flag --window');
    expect(whoWords({ ...state, provenance: 'environment', origin: 'SLUICE_WINDOW' })).toBe(
      'environment SLUICE_WINDOW',
    );
    expect(whoWords({ ...state, provenance: 'file', origin: 'window in /etc/s.json' })).toBe(
      'file: window in /etc/s.json',
    );
  });

  it('say what is in force', () => {
    expect(inForceWords(state)).toBe('8');
    expect(inForceWords({ ...state, value: '' })).toBe('not set');
    expect(inForceWords({ ...state, value: 'https://a/*\nhttps://b/*' })).toBe('2 rules');
  });

  it('say what the next start will have, and what stands in the way', () => {
    expect(nextWords(state)).toBeUndefined();
    expect(nextWords({ ...state, next: '4' })).toBe('4 after a restart.');
    expect(nextWords({ ...state, provenance: 'flag' })).toBe('Take --window away to change it here.');
    expect(nextWords({ ...state, provenance: 'flag', saved: '4' })).toBe(
      '4 is saved here, but --window decides.',
    );
  });
});

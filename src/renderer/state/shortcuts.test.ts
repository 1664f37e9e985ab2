import { describe, expect, it } from 'vitest';
import { formatKeys, pressOf, theShortcuts } from './shortcuts.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}): string | undefined =>
  pressOf({ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false, ...more } as KeyboardEvent);

describe('what is pressed', () => {
  it('is written as in the list of commands', () => {
    expect(press('k', { ctrlKey: true })).toBe('$mod+k');
    expect(press('D', { shiftKey: true })).toBe('Shift+D');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft');
    expect(press('Shift', { shiftKey: true })).toBeUndefined();
  });

  it('is read as people write it', () => {
    expect(formatKeys('$mod+k')).toBe('Ctrl+K');
    expect(formatKeys('g l')).toBe('g then l');
    expect(formatKeys(' ')).toBe('Space');
    expect(formatKeys('?')).toBe('?');
  });
});

describe('changed keys', () => {
  it('take no key from another command, and can be given back', () => {
    expect(theShortcuts.change('view.tables', 'g')).toMatchObject({ name: 'go.live' });
    expect(theShortcuts.keysOf('view.tables')).toEqual(['t']);
    expect(theShortcuts.change('view.tables', 'x')).toBeUndefined();
    expect(theShortcuts.change('time.wider', 't')).toBeUndefined();
    expect(theShortcuts.reset('view.tables')).toMatchObject({ name: 'time.wider' });
    expect(theShortcuts.keysOf('view.tables')).toEqual(['x']);
    theShortcuts.resetAll();
    expect([theShortcuts.keysOf('view.tables'), theShortcuts.keysOf('time.wider')]).toEqual([['t'], [']']]);
  });
});

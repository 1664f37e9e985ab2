import { describe, expect, it } from 'vitest';
import type { PaletteItem } from './palette-items.ts';
import { searchPalette } from './palette-search.ts';

const item = (label: string, detail = ''): PaletteItem => ({
  id: label,
  label,
  detail,
  keys: [],
  run: () => undefined,
});
const groups = [
  { value: 'Commands', items: [item('High contrast'), item('Light or dark'), item('Pictures or tables')] },
  { value: 'Servers', items: [item('production', 'https://sluice.example')] },
  { value: 'Objects seen', items: [item('git/platform/monorepo'), item('demo/two-gigabytes.bin')] },
];
const found = (text: string): string[] =>
  searchPalette(groups, text).flatMap(({ items }) => items.map(({ label }) => label));

describe('the palette', () => {
  it('shows everything before anything is typed', () => {
    expect(searchPalette(groups, '  ')).toBe(groups);
  });

  it.each([
    ['contrast', 'High contrast'],
    ['hg contr', 'High contrast'],
    ['contrst', 'High contrast'],
    ['dark light', 'Light or dark'],
    ['prod', 'production'],
    ['sluice.example', 'production'],
    ['monorepo', 'git/platform/monorepo'],
  ])('finds by %s', (text, label) => {
    expect(found(text)[0]).toBe(label);
  });

  it('finds nothing where nothing matches', () => {
    expect(found('qqqq')).toEqual([]);
  });
});

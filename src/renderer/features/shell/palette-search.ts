/** Finds what somebody means by a few letters: in order, with gaps, words in any order. */
import UFuzzy from '@leeoniya/ufuzzy';
import type { PaletteGroup, PaletteItem } from './palette-items.ts';

const fuzzy = new UFuzzy({ intraMode: 0, intraIns: 3, interIns: 6 });
/** Terms that may stand in another order than they were typed. */
const outOfOrder = 3;
const rankedAtMost = 1000;

/** The groups with what matches, best first in each, the group with the best match first. */
export function searchPalette(groups: readonly PaletteGroup[], text: string): readonly PaletteGroup[] {
  const needle = text.trim();
  if (needle === '') return groups;
  const all = groups.flatMap(({ value, items }) => items.map((item) => ({ group: value, item })));
  const haystack = all.map(({ item }) => `${item.label} ${item.detail}`);
  const [indexes, info, order] = fuzzy.search(haystack, needle, outOfOrder, rankedAtMost);
  const ranked = info && order ? order.map((at) => info.idx[at]) : (indexes ?? []);
  const found = new Map<string, PaletteItem[]>();
  for (const index of ranked) {
    const match = index === undefined ? undefined : all[index];
    if (match) found.set(match.group, [...(found.get(match.group) ?? []), match.item]);
  }
  return [...found].map(([value, items]) => ({ value, items }));
}

/** What became of a call or a function, as a shape and in words. */
import { formatValue } from '#shared/profile/callout.ts';
import type { Presence } from '#shared/profile/compare.ts';
import { formatExactShare } from '#shared/units.ts';
import type { ChangePicture, Pairing } from '../../state/profile-questions.ts';
import { changeShareWords, changeWords } from './words.ts';

/** Shapes, so that nobody needs the colour. */
export const presenceMarks: Readonly<Record<Presence, string>> = { new: '▲ +', gone: '▽ −', both: '' };

/** Whether a call is only after, only before, or in both. */
export function presenceOf(
  { kept, added, removed }: Pick<ChangePicture, 'kept' | 'added' | 'removed'>,
  box: number,
): Presence {
  if ((kept[box] ?? 0) > 0) return 'both';
  if ((removed[box] ?? 0) === 0) return 'new';
  return (added[box] ?? 0) === 0 ? 'gone' : 'both';
}

/** How numbers of a comparison are written: values in their unit, or shares of each sum. */
export interface ChangeFormat {
  readonly value: (value: number) => string;
  readonly change: (value: number) => string;
}

export function changeFormat(mode: Pairing['mode'], unit: string): ChangeFormat {
  if (mode === 'share') return { value: formatExactShare, change: changeShareWords };
  return { value: (value) => formatValue(value, unit), change: (value) => changeWords(value, unit) };
}

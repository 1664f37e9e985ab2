/** What could stand where somebody writes: keys, operators and values. Whoever shows them adds counts. */
import { fields } from './fields.ts';
import { isBare, operators, quoted } from './tokens.ts';

export interface Completion {
  readonly kind: 'key' | 'operator' | 'value';
  /** As it is shown. */
  readonly label: string;
  /** What it means, in a few words. */
  readonly hint: string;
  /** Replaces the text from `start` to `end`; the caret goes behind it. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** The whole term that a value makes, for a count: `status:206`. */
  readonly term?: string;
}

/** More than a list shows without scrolling is no help. */
const maxCompletions = 12;

const operatorHints: Readonly<Record<string, string>> = {
  ':': 'is, or A..B',
  '>': 'more than',
  '>=': 'at least',
  '<': 'less than',
  '<=': 'at most',
  '=': 'exactly',
};

/**
 * The completions at `caret`. `valuesOf` gives values that occur for a key (clients, methods, objects), the most
 * frequent first; they stand before those that the language knows.
 */
export function completions(
  text: string,
  caret: number,
  valuesOf?: (key: string) => readonly string[],
): readonly Completion[] {
  const head = pieceBefore(text, caret);
  const match = /^([a-z][a-z-]*)(>=|<=|[:><=])(.*)$/i.exec(head.text);
  if (!match) return keys(head.text, head.start, caret);
  const [, key = '', operator = ':', values = ''] = match;
  const field = fields.get(key.toLowerCase());
  if (!field) return [];
  const written = /[^,|]*$/.exec(values)?.[0] ?? '';
  const start = caret - written.length;
  const known = [...new Set([...(valuesOf?.(key.toLowerCase()) ?? []), ...field.values])];
  const typed = written.replace(/^"/, '').toLowerCase();
  return known
    .filter((value) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
    .slice(0, maxCompletions)
    .map((value) => {
      const insert = isBare(value) || /^-\d/.test(value) ? value : quoted(value);
      return {
        kind: 'value',
        label: value,
        hint: field.hint,
        insert,
        start,
        end: caret,
        term: `${key.toLowerCase()}${operator}${insert}`,
      };
    });
}

/** What is written up to the caret since the last gap; quotes hold together what they contain. */
function pieceBefore(text: string, caret: number): { readonly text: string; readonly start: number } {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (/[\s()]/.test(sign) || (sign === '-' && at === start))) start = at + 1;
  }
  return { text: text.slice(start, caret), start };
}

function keys(written: string, start: number, end: number): readonly Completion[] {
  const typed = written.toLowerCase();
  const exact = fields.get(typed);
  if (exact) {
    return operators
      .filter((operator) => exact.operators.includes(operator))
      .map((operator) => ({
        kind: 'operator',
        label: `${typed}${operator}`,
        hint: operatorHints[operator] ?? '',
        insert: `${typed}${operator}`,
        start,
        end,
      }));
  }
  return [...fields]
    .filter(([key]) => key.startsWith(typed))
    .map(([key, { hint, example }]) => {
      // The sign of the example: sizes and durations are compared.
      const operator = example.slice(key.length).startsWith('>') ? '>' : ':';
      return { kind: 'key', label: `${key}${operator}`, hint, insert: `${key}${operator}`, start, end };
    });
}

/** Changes to a filter's text that buttons make: what somebody wrote beside stays as it is. */
import { type Filter, parseFilter, type Term } from '#shared/filter/filter.ts';

/** The text without one of its terms. */
export function withoutTerm({ text }: Filter, { start, end }: Pick<Term, 'start' | 'end'>): string {
  const before = text.slice(0, start).replace(/(^|\s)and\s*$/i, '$1');
  const after = text.slice(end).replace(/^\s*and(\s|$)/i, before.trim() === '' ? '' : ' ');
  return `${before.trimEnd()} ${after.trimStart()}`.trim();
}

/** The text and one more condition. */
export function withTerm(text: string, term: string): string {
  const parsed = parseFilter(text);
  // Beside `a or b`, one more would belong to `b` alone.
  const isAlternative =
    parsed.kind === 'filter' &&
    parsed.filter.terms.length === 1 &&
    /\sor\s/i.test(text) &&
    !/^\(.*\)$/s.test(text);
  return `${isAlternative ? `(${text.trim()})` : text.trim()} ${term}`.trim();
}

/** The values of a term `key:one,two`; absent when it is anything else. */
function valuesIn(key: string, text: string): readonly string[] | undefined {
  const match = /^([a-z-]+):([\w,-]+)$/i.exec(text);
  return match?.[1]?.toLowerCase() === key ? match[2]?.toLowerCase().split(',') : undefined;
}

/** Whether a term of the filter names this value of the key among those it allows. */
export function isNamed(filter: Filter, key: string, value: string): boolean {
  return filter.terms.some(({ text }) => valuesIn(key, text)?.includes(value));
}

/** Allows a value of the key beside those that are named already, or no longer. */
export function toggledValue(filter: Filter, key: string, value: string): string {
  const term = filter.terms.find(({ text }) => valuesIn(key, text) !== undefined);
  if (!term) return withTerm(filter.text, `${key}:${value}`);
  const named = valuesIn(key, term.text) ?? [];
  const values = named.includes(value) ? named.filter((each) => each !== value) : [...named, value];
  if (values.length === 0) return withoutTerm(filter, term);
  return `${filter.text.slice(0, term.start)}${key}:${values.join(',')}${filter.text.slice(term.end)}`;
}

/** A value as the language takes it: quoted where it has to be. */
export function quotedValue(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/**
 * The filter language for requests: one parser for the console, the HTTP API and the command line.
 *
 *   status:206,4xx -method:HEAD (object:repo-* or client:10.1.*) bytes>100MB at:-5m..-1m word
 *
 * Terms beside each other must all hold (`and` says the same); `or` binds weaker, `-` excludes, parentheses group,
 * commas or bars separate alternatives. A word of its own is looked for in the object's name.
 */
import { parseNodes, type Node } from './parse.ts';
import type { Check, FilterRow } from './row.ts';
import { fields, wordCheck } from './fields.ts';
import { isBare, quoted, type FilterError } from './tokens.ts';

export type { FilterError } from './tokens.ts';
export type { FilterRow } from './row.ts';

/** A longer filter is refused, so that none costs more than a moment. */
const maxFilterLength = 2000;

/** One of the conditions that must all hold. */
export interface Term {
  /** As it was written; at `start` to `end` of the filter's text. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  matches(row: FilterRow, now: number): boolean;
}

export interface Filter {
  readonly text: string;
  /** What must all hold; none when everything passes. */
  readonly terms: readonly Term[];
  /** `now` in milliseconds since the epoch. Reads only the fields that the filter names. */
  matches(row: FilterRow, now: number): boolean;
}

export type Parsed =
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'error'; readonly errors: readonly FilterError[] };

/** Never throws: every text is a filter or has errors, each with its place. The empty text passes everything. */
export function parseFilter(text: string): Parsed {
  if (text.length > maxFilterLength) {
    const message = `a filter has at most ${maxFilterLength} characters: leave something out`;
    return { kind: 'error', errors: [{ message, start: maxFilterLength, end: text.length }] };
  }
  const { root, errors } = parseNodes(text);
  if (errors.length > 0) return { kind: 'error', errors };
  const conjuncts = root === undefined ? [] : root.kind === 'all' ? root.parts : [root];
  const terms = conjuncts.map((node): Term => {
    const { start, end } = node;
    return { text: text.slice(start, end), start, end, matches: compile(node) };
  });
  return {
    kind: 'filter',
    filter: { text, terms, matches: (row, now) => terms.every((term) => term.matches(row, now)) },
  };
}

function compile(node: Node): Check {
  switch (node.kind) {
    case 'word':
      return wordCheck(node.value);
    case 'test':
      return anyOf(node.values.map((value) => checked(fields.get(node.key)?.check(node.operator, value))));
    case 'not': {
      const part = compile(node.part);
      return (row, now) => !part(row, now);
    }
    case 'all': {
      const parts = node.parts.map(compile);
      return (row, now) => parts.every((part) => part(row, now));
    }
    default:
      return anyOf(node.parts.map(compile));
  }
}

function anyOf(parts: readonly Check[]): Check {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return (row, now) => parts.some((part) => part(row, now));
}

/** The parser lets nothing pass that has no check. */
function checked(check: Check | string | undefined): Check {
  return typeof check === 'function' ? check : () => false;
}

/** `status:206`, with quotes where the value needs them. For filters that are made by a click. */
export function termOf(key: string, value: string): string {
  return `${key}:${isBare(value) && !/[*?]/.test(value) ? value : quoted(value)}`;
}

/** The text of `filter` without one of its terms. */
export function withoutTerm(filter: Filter, term: Term): string {
  const rest = filter.terms.filter((each) => each !== term);
  return rest.map(({ text }) => text).join(' ');
}

/** The filter's text with one more term; what was an `or` at the top is put in parentheses. */
export function withTerm(text: string, term: string): string {
  const { root } = parseNodes(text);
  if (root === undefined) return term;
  return root.kind === 'any' ? `(${text.trim()}) ${term}` : `${text.trim()} ${term}`;
}

/** The `error`s' places under `text`, for a terminal: carets below what is wrong. */
export function underline(errors: readonly FilterError[]): string {
  const width = Math.max(...errors.map(({ start, end }) => Math.max(end, start + 1)));
  return Array.from({ length: width }, (_, at) =>
    errors.some(({ start, end }) => at >= start && at < Math.max(end, start + 1)) ? '^' : ' ',
  ).join('');
}

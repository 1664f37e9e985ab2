/** Values that are compared: numbers, sizes, durations and instants, each alone or as a span (`A..B`, both included). */
import { parseBytes, parseDurationMs } from '#shared/units.ts';
import type { Check, FilterRow } from './row.ts';
import type { Operator } from './tokens.ts';

/** A point on a scale; one in time may depend on now. */
type Point = (now: number) => number;

export interface Scale {
  /** What to write, for people: `a size such as 100MB`. */
  readonly wanted: string;
  readonly parse: (text: string) => Point | undefined;
  /** What a single value after `:` means; `unclear` when nobody could say. */
  readonly single: 'equal' | 'since' | 'unclear';
}

const always =
  (parse: (text: string) => number | undefined) =>
  (text: string): Point | undefined => {
    const value = parse(text);
    return value === undefined ? undefined : () => value;
  };

export const counts: Scale = {
  wanted: 'a whole number',
  parse: always((text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)),
  single: 'equal',
};

export const sizes: Scale = { wanted: 'a size such as 100MB', parse: always(parseBytes), single: 'equal' };

export const durations: Scale = {
  wanted: 'a duration such as 200ms or 2s',
  parse: always(parseDurationMs),
  single: 'unclear',
};

export const instants: Scale = {
  wanted: 'a time such as -5m, now or 2026-01-31T14:02:00Z',
  parse: instant,
  single: 'since',
};

/** `-5m`: so long ago. Dates are UTC unless they say otherwise, so that a filter means the same everywhere. */
function instant(text: string): Point | undefined {
  if (text.toLowerCase() === 'now') return (now) => now;
  if (text.startsWith('-')) {
    const ago = parseDurationMs(text.slice(1));
    return ago === undefined ? undefined : (now) => now - ago;
  }
  const match = /^(\d{4}-\d\d-\d\d)(?:t(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(z|[+-]\d\d:\d\d)?)?$/i.exec(text);
  const [, day, time = '00:00', zone = 'Z'] = match ?? [];
  const at = match ? Date.parse(`${day}T${time}${zone.toUpperCase()}`) : Number.NaN;
  return Number.isNaN(at) ? undefined : () => at;
}

const comparisons: Readonly<Record<Exclude<Operator, ':'>, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '=': (value, limit) => value === limit,
};

/**
 * Compares what `read` finds; what a row does not have passes no comparison.
 * @returns the check, or what is wrong, for people
 */
export function quantity(
  scale: Scale,
  read: (row: FilterRow) => number | undefined,
  operator: Operator,
  text: string,
): Check | string {
  const dots = operator === ':' ? text.indexOf('..') : -1;
  if (dots >= 0) return span(scale, read, text.slice(0, dots), text.slice(dots + 2));
  const point = scale.parse(text);
  if (!point) return `${JSON.stringify(text)} is not ${scale.wanted}`;
  if (operator === '=' || operator === ':') {
    if (scale.single === 'unclear')
      return `nothing takes exactly so long: compare, with > or <, or give A..B`;
    if (scale.single === 'since' && operator === ':') return compare(read, '>=', point);
  }
  return compare(read, operator === ':' ? '=' : operator, point);
}

function compare(
  read: (row: FilterRow) => number | undefined,
  operator: Exclude<Operator, ':'>,
  point: Point,
): Check {
  const holds = comparisons[operator];
  return (row, now) => {
    const value = read(row);
    return value !== undefined && holds(value, point(now));
  };
}

function span(
  scale: Scale,
  read: (row: FilterRow) => number | undefined,
  from: string,
  to: string,
): Check | string {
  const low = from === '' ? () => Number.NEGATIVE_INFINITY : scale.parse(from);
  const high = to === '' ? () => Number.POSITIVE_INFINITY : scale.parse(to);
  if (!low || !high || (from === '' && to === ''))
    return `A..B needs ${scale.wanted} on one side at least, and on the other that or nothing`;
  return (row, now) => {
    const value = read(row);
    return value !== undefined && value >= low(now) && value <= high(now);
  };
}

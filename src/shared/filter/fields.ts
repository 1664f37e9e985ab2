/** The keys of the filter language: what each reads, what can be compared with it, and what to suggest. */
import { failedConditions, ifRangeVerdicts, rangeKinds, tiers } from '#shared/vocabulary/requests.ts';
import { hasWildcard, matchesGlob } from './glob.ts';
import { counts, durations, instants, quantity, sizes, type Scale } from './quantities.ts';
import { remembering } from './remember.ts';
import type { Check, FilterRow } from './row.ts';
import type { Operator, Value } from './tokens.ts';

export interface Field {
  /** What it is, for people. */
  readonly hint: string;
  readonly example: string;
  readonly operators: readonly Operator[];
  /** Suggested after the key. */
  readonly values: readonly string[];
  /** The check, or what is wrong, for people. */
  readonly check: (operator: Operator, value: Value) => Check | string;
}

const compared: readonly Operator[] = [':', '>', '>=', '<', '<=', '='];
const equal: readonly Operator[] = [':', '='];

export const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['status', statusField()],
  ['method', textField('the method', 'method:GET', ['GET', 'HEAD', 'POST', 'DELETE'], (row) => row.method)],
  ['object', objectField()],
  ['client', textField("the client's address", 'client:10.1.*', [], (row) => row.client)],
  [
    'tier',
    choiceField(
      'the slowest level asked',
      'tier:store',
      choices(tiers, { s3: ['store'] }),
      (row) => row.tier,
    ),
  ],
  [
    'range',
    choiceField('the kind of Range field', 'range:suffix', rangeChoices(), (row) => row.rangeKind ?? 'none'),
  ],
  ['if-range', choiceField('what If-Range came to', 'if-range:miss', ifRangeChoices(), (row) => row.ifRange)],
  [
    'condition',
    choiceField(
      'the precondition that ended it',
      'condition:if-match',
      choices(failedConditions, {}),
      (row) => row.condition,
    ),
  ],
  [
    'complete',
    choiceField(
      'whether the whole answer was sent',
      'complete:no',
      new Map([
        ['yes', ['yes']],
        ['no', ['no']],
      ]),
      (row) => (row.complete ? 'yes' : 'no'),
    ),
  ],
  ['bytes', scaleField('bytes sent', 'bytes>100MB', ['1MB', '100MB', '1GB'], sizes, (row) => row.sentBytes)],
  [
    'asked',
    scaleField(
      'bytes that were to be sent',
      'asked>100MB',
      ['1MB', '100MB', '1GB'],
      sizes,
      (row) => row.askedBytes,
    ),
  ],
  [
    'size',
    scaleField('bytes of the object', 'size>1GB', ['1MB', '100MB', '1GB'], sizes, (row) => row.objectBytes),
  ],
  [
    'ttfb',
    scaleField(
      'time to the first byte',
      'ttfb>200ms',
      ['50ms', '200ms', '1s'],
      durations,
      (row) => row.firstByteMs,
    ),
  ],
  [
    'dur',
    scaleField('how long it took', 'dur>2s', ['200ms', '2s', '30s'], durations, (row) => row.durationMs),
  ],
  [
    'held',
    scaleField(
      'how long bytes waited for the client',
      'held>1s',
      ['200ms', '1s', '10s'],
      durations,
      (row) => row.heldMs,
    ),
  ],
  [
    'at',
    scaleField('when it began', 'at:-5m..-1m', ['-1m', '-5m', '-1h', '-5m..-1m'], instants, (row) => row.at),
  ],
  ['seq', scaleField('its number', 'seq:1204', [], counts, (row) => row.seq)],
]);

/** The key that `key` may have been meant for. */
export function nearestKey(key: string): string | undefined {
  const known: Readonly<Record<string, string>> = {
    duration: 'dur',
    name: 'object',
    target: 'object',
    path: 'object',
    url: 'object',
    ip: 'client',
    sent: 'bytes',
    length: 'size',
    time: 'at',
    ifrange: 'if-range',
  };
  if (known[key] !== undefined) return known[key];
  const sorted = (text: string): string => text.split('').toSorted().join('');
  return [...fields.keys()].find(
    (each) =>
      (key.length > 1 && each.startsWith(key)) || key.startsWith(each) || sorted(each) === sorted(key),
  );
}

function scaleField(
  hint: string,
  example: string,
  values: readonly string[],
  scale: Scale,
  read: (row: FilterRow) => number | undefined,
): Field {
  return {
    hint,
    example,
    operators: compared,
    values,
    check: (operator, { text }) => quantity(scale, read, operator, text),
  };
}

function statusField(): Field {
  const read = (row: FilterRow): number => row.status;
  return {
    hint: 'the status',
    example: 'status:206,4xx',
    operators: compared,
    values: ['200', '206', '304', '404', '412', '416', '499', '2xx', '4xx', '5xx'],
    check: (operator, { text }) => {
      const family = /^([1-5])xx$/i.exec(text)?.[1];
      if (family === undefined || !equal.includes(operator))
        return quantity({ ...counts, wanted: 'a status such as 206 or 4xx' }, read, operator, text);
      return (row) => Math.floor(row.status / 100) === Number(family);
    },
  };
}

function textField(
  hint: string,
  example: string,
  values: readonly string[],
  read: (row: FilterRow) => string,
): Field {
  return {
    hint,
    example,
    operators: equal,
    values,
    check: (operator, value) => {
      const wanted = value.text.toLowerCase();
      const isPattern = operator === ':' && !value.isQuoted && hasWildcard(wanted);
      const passes = remembering((text) =>
        isPattern ? matchesGlob(wanted, text.toLowerCase()) : text.toLowerCase() === wanted,
      );
      return (row) => passes(read(row));
    },
  };
}

/** Names are paths: a pattern may begin at any of their parts, and a plain text may be anywhere. `=` is the whole. */
function objectField(): Field {
  return {
    hint: "the object's name, or the path",
    example: 'object:repo-*',
    operators: equal,
    values: [],
    check: (operator, value) => {
      const wanted = value.text.toLowerCase();
      if (operator === '=') return ({ target }) => target.toLowerCase() === wanted;
      if (value.isQuoted || !hasWildcard(wanted)) return contains(wanted);
      const passes = remembering((target) => {
        const name = target.toLowerCase();
        return matchesGlob(wanted, name) || matchesGlob(`*/${wanted}`, name);
      });
      return ({ target }) => passes(target);
    },
  };
}

function contains(wanted: string): Check {
  const passes = remembering((target) => target.toLowerCase().includes(wanted));
  return ({ target }) => passes(target);
}

/** A word of its own. */
export function wordCheck({ text, isQuoted }: Value): Check {
  const wanted = text.toLowerCase();
  if (isQuoted || !hasWildcard(wanted)) return contains(wanted);
  return ({ target }) => matchesGlob(`*${wanted}*`, target.toLowerCase());
}

/** A name, and the values that it stands for; `undefined`: the row has none. */
type Choices = ReadonlyMap<string, readonly (string | undefined)[]>;

function choices(
  names: readonly string[],
  others: Readonly<Record<string, readonly (string | undefined)[]>>,
): Choices {
  const named = new Map<string, readonly (string | undefined)[]>(names.map((name) => [name, [name]]));
  for (const [name, values] of Object.entries(others)) named.set(name, values);
  return named.set('none', [undefined]);
}

function rangeChoices(): Choices {
  const named = new Map<string, readonly string[]>(rangeKinds.map((kind) => [kind, [kind]]));
  return named.set(
    'any',
    rangeKinds.filter((kind) => kind !== 'none'),
  );
}

function ifRangeChoices(): Choices {
  return choices(ifRangeVerdicts, {
    match: ifRangeVerdicts.filter((verdict) => verdict.endsWith('-match')),
    miss: ifRangeVerdicts.filter((verdict) => verdict.endsWith('-miss')),
  });
}

function choiceField(
  hint: string,
  example: string,
  choices: Choices,
  read: (row: FilterRow) => string | undefined,
): Field {
  const names = [...choices.keys()];
  return {
    hint,
    example,
    operators: equal,
    values: names.filter((name) => name !== 's3'),
    check: (_operator, { text }) => {
      const wanted = choices.get(text.toLowerCase());
      return wanted
        ? (row) => wanted.includes(read(row))
        : `${JSON.stringify(text)} is none of ${names.join(', ')}`;
    },
  };
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedConditions, ifRangeVerdicts, rangeKinds, tiers } from '#shared/vocabulary/requests.ts';
import { KiB, MiB } from '#shared/units.ts';
import { filterOf, now, passes } from './filter.fixture.ts';
import { parseFilter, withoutTerm, withTerm, type FilterRow } from './filter.ts';
import { parseNodes, type Node } from './parse.ts';
import { isBare, operators, quoted, type Value } from './tokens.ts';

const signs = [
  'status:',
  'tier',
  ':',
  '206',
  '4xx',
  '(',
  ')',
  '-',
  ' ',
  '"',
  '\\',
  ',',
  '|',
  'or',
  'and',
  'bytes',
  '>',
  '>=',
  '=',
  '100MB',
  '..',
  'at:-5m',
  'x*',
  '?',
  'if-range:miss',
  'dur>2s',
  '\n',
];

/** Text in which the language's own signs are frequent. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...signs), { maxLength: 20 }).map((pieces) => pieces.join('')),
);

const value = fc
  .tuple(fc.string({ minLength: 1, maxLength: 8 }), fc.boolean())
  .map(([text, isQuoted]) => ({ text, isQuoted: isQuoted || !isBare(text), start: 0, end: 0 }));

const place = { start: 0, end: 0 };
const { node } = fc.letrec<{ node: Node; leaf: Node; not: Node; many: Node }>((tie) => ({
  node: fc.oneof({ depthSize: 'small', maxDepth: 4 }, tie('leaf'), tie('not'), tie('many')),
  leaf: fc.oneof(
    value.map((value): Node => ({ kind: 'word', value, ...place })),
    fc
      .record({
        key: fc.constantFrom('object', 'client', 'status', 'bytes'),
        operator: fc.constantFrom(...operators),
        values: fc.array(value, { minLength: 1, maxLength: 3 }),
      })
      .map((test): Node => Object.assign({ kind: 'test' } as const, test, place)),
  ),
  not: tie('node').map((part): Node => ({ kind: 'not', part, start: 0, end: 0 })),
  many: fc
    .tuple(
      fc.constantFrom('all' as const, 'any' as const),
      fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
    )
    .map(([kind, parts]): Node => ({ kind, parts, start: 0, end: 0 })),
}));

/** The text of a tree, in one form; parsed again, it is the same tree. */
function print(node: Node): string {
  switch (node.kind) {
    case 'word':
      return printValue(node.value);
    case 'test':
      return `${node.key}${node.operator}${node.values.map(printValue).join(',')}`;
    case 'not':
      return `-${printInner(node.part)}`;
    case 'all':
      return node.parts.map(printInner).join(' ');
    default:
      return node.parts.map(printInner).join(' or ');
  }
}

function printInner(node: Node): string {
  return node.kind === 'all' || node.kind === 'any' ? `(${print(node)})` : print(node);
}

function printValue({ text, isQuoted }: Value): string {
  return isQuoted || !isBare(text) ? quoted(text) : text;
}

/** Without the places, which printing does not keep. */
const shape = (node: Node | undefined): unknown =>
  JSON.parse(
    JSON.stringify(node ?? null, (key, value: unknown) => (key === 'start' || key === 'end' ? 0 : value)),
  );

const row: fc.Arbitrary<FilterRow> = fc.record({
  seq: fc.nat(),
  at: fc.integer({ min: now - 600_000, max: now }),
  method: fc.constantFrom('GET', 'HEAD', 'POST'),
  target: fc.constantFrom('test/x', 'github.com/owner/repo', 'status', 'a or b'),
  rangeKind: fc.option(fc.constantFrom(...rangeKinds), { nil: undefined }),
  ifRange: fc.option(fc.constantFrom(...ifRangeVerdicts), { nil: undefined }),
  condition: fc.option(fc.constantFrom(...failedConditions), { nil: undefined }),
  objectBytes: fc.option(fc.nat(200 * MiB), { nil: undefined }),
  status: fc.constantFrom(200, 206, 304, 404, 412, 416, 499, 503),
  sentBytes: fc.oneof(fc.nat(200 * MiB), fc.constant(100 * KiB)),
  askedBytes: fc.option(fc.nat(200 * MiB), { nil: undefined }),
  firstByteMs: fc.option(fc.nat(1000), { nil: undefined }),
  durationMs: fc.nat(5000),
  heldMs: fc.option(fc.nat(5000), { nil: undefined }),
  tier: fc.option(fc.constantFrom(...tiers), { nil: undefined }),
  client: fc.constantFrom('10.1.4.7', '::1'),
  complete: fc.boolean(),
});

/** Filters that have no errors, from the generated texts. */
const good = text.filter((text) => parseFilter(text).kind === 'filter');

describe('whatever is written', () => {
  it('is a filter or has errors, each at its place in the text', () => {
    fc.assert(
      fc.property(text, (text) => {
        const parsed = parseFilter(text);
        if (parsed.kind === 'filter') return;
        expect(parsed.errors.length).toBeGreaterThan(0);
        for (const { start, end, message } of parsed.errors) {
          expect(message).not.toBe('');
          expect([start >= 0, start <= end, end <= text.length]).toEqual([true, true, true]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same after printing and parsing again', () => {
    fc.assert(
      fc.property(node, (node) => {
        expect(shape(parseNodes(print(node)).root)).toEqual(shape(node));
      }),
    );
  });

  it('passes what its negation does not, and the other way round', () => {
    fc.assert(
      fc.property(good, row, (text, row) => {
        const filter = filterOf(text);
        if (filter.terms.length === 0) return;
        expect(filterOf(`-(${text})`).matches(row, now)).toBe(!filter.matches(row, now));
      }),
      { numRuns: 1000 },
    );
  });

  it('passes what all of its terms pass, and means the same without a term as that term taken out', () => {
    fc.assert(
      fc.property(good, row, (text, row) => {
        const filter = filterOf(text);
        expect(filter.matches(row, now)).toBe(filter.terms.every((term) => term.matches(row, now)));
        for (const term of filter.terms) {
          const rest = filter.terms.filter((each) => each !== term);
          expect(passes(withoutTerm(filter, term), row)).toBe(rest.every((each) => each.matches(row, now)));
        }
      }),
    );
  });

  it('takes one more term', () => {
    fc.assert(
      fc.property(good, row, (text, row) => {
        expect(passes(withTerm(text, 'status:2xx'), row)).toBe(
          passes(text, row) && passes('status:2xx', row),
        );
      }),
    );
  });
});

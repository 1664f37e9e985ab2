import { describe, expect, it } from 'vitest';
import { filterOf, now, passes, plain } from './filter.fixture.ts';
import { parseFilter, termOf, underline, withoutTerm, withTerm, type FilterRow } from './filter.ts';

function errorsOf(text: string) {
  const parsed = parseFilter(text);
  return parsed.kind === 'error' ? parsed.errors : [];
}

describe('a filter', () => {
  it.each([
    '',
    '   ',
    'status:206',
    'status:200,206',
    'status:200|206',
    'status:2xx',
    'status:2XX,404',
    'status:200..299',
    'status>=206',
    'status<300',
    '-status:304',
    'tier:s3',
    'tier:store',
    'TIER:Store',
    'method:get',
    'method:G*',
    'object:repo-*',
    'object:owner/repo-?',
    'object:OWNER',
    'object=github.com/owner/repo-a',
    'object:github.com/*',
    'client:10.1.*',
    'client:10.1.4.7',
    'range:suffix|single',
    'range:any',
    'if-range:match',
    'if-range:etag-match',
    'condition:none',
    'complete:no',
    'bytes>99MB',
    'bytes:>99MB',
    'bytes=100MiB',
    'bytes:100MB',
    'bytes:1MB..',
    'asked>100MB',
    'size:..1GB',
    'ttfb>200ms',
    'dur>2s',
    'dur:2s..3s',
    'held<1s',
    'at:-5m..-1m',
    'at:-5m',
    'at<now',
    'at:2026-01-31T11:58:00Z..2026-01-31T11:59',
    'at:2026-01-31',
    'at:2026-01-31T12:58:00+01:00..2026-01-31T12:59:00+01:00',
    'seq:7',
    'repo',
    'REPO-A',
    '"owner/repo"',
    're*-a',
    'repo owner',
    'repo and owner',
    'repo or nothing',
    'nothing OR repo',
    '(nothing or repo) status:206',
    '-(status:304 or status:404)',
    '-(-repo)',
    '-nothing',
    'nothing or repo status:206',
  ])('%j passes it', (text) => {
    expect(passes(text)).toBe(true);
    expect(passes(`-(${text.trim() || 'github'})`)).toBe(false);
  });

  it.each([
    'status:304',
    'status:4xx',
    'tier:memory',
    'tier:none',
    'object:epo-*',
    'object=repo-a',
    'object:"repo-*"',
    '"re*"',
    'client:0.1.4.7',
    'client:10.1.4',
    'range:none',
    'if-range:miss',
    'if-range:none',
    'complete:yes',
    'bytes>100MB',
    'dur>2500ms',
    'at:..-5m',
    'at>=now',
    'repo nothing',
    'repo (nothing or status:304)',
    'nothing status:206 or status:304',
  ])('%j does not', (text) => {
    expect(passes(text)).toBe(false);
  });

  it('compares nothing with what a row does not have', () => {
    const bare: FilterRow = { ...plain, firstByteMs: undefined, tier: undefined, rangeKind: undefined };
    expect(passes('ttfb>0 or ttfb<=1h', bare)).toBe(false);
    expect(passes('-ttfb>1s tier:none range:none', bare)).toBe(true);
  });

  it('reads only the fields that it names', () => {
    const read = new Set<string | symbol>();
    const row = new Proxy(plain, {
      get: (target, field) => {
        read.add(field);
        return Reflect.get(target, field) as unknown;
      },
    });
    passes('status:206 ttfb>1ms', row);
    expect(read).toEqual(new Set(['status', 'firstByteMs']));
  });

  it('tells which of its terms are to blame', () => {
    const { terms, text } = filterOf('status:206 (tier:disk or tier:memory) -method:HEAD');
    expect(terms.map((term) => [term.text, term.matches(plain, now)])).toEqual([
      ['status:206', true],
      ['(tier:disk or tier:memory)', false],
      ['-method:HEAD', true],
    ]);
    expect(terms.map(({ start, end }) => text.slice(start, end))).toEqual(terms.map((term) => term.text));
  });

  it('is edited term by term', () => {
    const filter = filterOf('status:206  tier:disk -method:HEAD');
    const [, second] = filter.terms;
    expect(second && withoutTerm(filter, second)).toBe('status:206 -method:HEAD');
    expect(withTerm('', 'status:206')).toBe('status:206');
    expect(withTerm('a b ', 'status:206')).toBe('a b status:206');
    expect(withTerm('a or b', 'status:206')).toBe('(a or b) status:206');
    expect(passes(termOf('object', 'github.com/owner/repo-a'))).toBe(true);
    expect(termOf('object', 'a "b*"')).toBe(String.raw`object:"a \"b*\""`);
  });

  it('takes wildcards that would take a regular expression for ever', () => {
    const target = 'a'.repeat(300);
    expect(passes(`object:${'*a'.repeat(100)}*b`, { ...plain, target })).toBe(false);
  });
});

describe('an error', () => {
  it.each([
    ['statsu:206', 'there is no key statsu; did you mean status?', '^^^^^^'],
    [
      'see https://example.com/x',
      'there is no key https; to look for the text, quote it: "https://example.com/x"',
      '    ^^^^^',
    ],
    ['tier:l2', '"l2" is none of memory, disk, store, s3, none', '     ^^'],
    ['bytes>many', '"many" is not a size such as 100MB', '      ^^^^'],
    ['status:twenty', '"twenty" is not a status such as 206 or 4xx', '       ^^^^^^'],
    ['dur:2s', 'nothing takes exactly so long: compare, with > or <, or give A..B', '    ^^'],
    ['ttfb>fast', '"fast" is not a duration such as 200ms or 2s', '     ^^^^'],
    ['at:yesterday', '"yesterday" is not a time such as -5m, now or 2026-01-31T14:02:00Z', '   ^^^^^^^^^'],
    [
      'at:..',
      'A..B needs a time such as -5m, now or 2026-01-31T14:02:00Z on one side at least, and on the other that or nothing',
      '   ^^',
    ],
    ['status:', 'a value is missing, as in status:206,4xx', '^^^^^^^'],
    ['status:206,', 'a value is missing, as in status:206,4xx', '^^^^^^^^^^^'],
    ['method>GET', 'method is not compared with >: write method:GET', '^^^^^^^^^^'],
    ['(a or b', 'this parenthesis is not closed: end it with )', '^'],
    ['a)', 'nothing is open here: remove this parenthesis', ' ^'],
    ['()', 'these parentheses are empty: put a term in them', '^^'],
    ['a or', '"or" stands between two terms; the word itself needs quotes', '  ^^'],
    ['or a', '"or" stands between two terms; the word itself needs quotes', '^^'],
    ['and a', '"and" stands between two terms; the word itself needs quotes', '^^^'],
    ['a and', '"and" stands between two terms; the word itself needs quotes', '  ^^^'],
    ['- a', '"-" stands right before what it excludes; the sign itself needs quotes', '^'],
    ['-or', 'to exclude the word "or", put it in quotes', ' ^^'],
    ['"open', 'this quote is not closed: end it with "', '^^^^^'],
  ])('in %j says what to do, and where', (text, message, carets) => {
    const errors = errorsOf(text);
    expect(errors.map((error) => error.message)).toEqual([message]);
    expect(underline(errors)).toBe(carets);
  });

  it('comes for each mistake', () => {
    expect(underline(errorsOf('tier:x status:206 dur:1s'))).toBe('     ^                ^^');
  });

  it('is what a filter without end becomes', () => {
    expect(errorsOf('a'.repeat(2001))).toHaveLength(1);
    expect(errorsOf('('.repeat(1000)).length).toBeGreaterThan(0);
    expect(errorsOf('-'.repeat(1000)).length).toBeGreaterThan(0);
  });
});

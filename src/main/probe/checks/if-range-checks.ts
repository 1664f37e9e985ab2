/** If-Range: whether a range may be added to what a client has already. */
import { parseHttpDate } from '#shared/http/date.ts';
import { parseEntityTag } from '#shared/http/validators.ts';
import type { Bench } from './bench.ts';
import { type Check, inapplicable, type Outcome } from './check.ts';
import { expectRange, expectStatus, withRanges } from './partial.ts';

const whole = 'the whole object is sent when If-Range does not hold';

function withTag(run: (bench: Bench, etag: string) => Promise<Outcome>): Check['run'] {
  return withRanges(1, async (bench) => {
    const { etag } = bench.known;
    const isStrong = etag !== undefined && parseEntityTag(etag)?.weak === false;
    return isStrong ? run(bench, etag) : inapplicable('There is no strong entity tag.');
  });
}

function withDate(run: (bench: Bench, date: string, instant: Date) => Promise<Outcome>): Check['run'] {
  return withRanges(1, async (bench) => {
    const { lastModified } = bench.known;
    const instant = lastModified === undefined ? undefined : parseHttpDate(lastModified, new Date());
    if (lastModified === undefined || !instant) return inapplicable('There is no Last-Modified.');
    return run(bench, lastModified, instant);
  });
}

function firstBytes(bench: Bench) {
  return { start: 0, end: Math.min(10, bench.known.length ?? 10) };
}

export const ifRangeChecks: readonly Check[] = [
  {
    id: 'if-range-tag',
    title: 'If-Range with the current entity tag lets the range apply',
    section: 'RFC 9110, 13.1.5',
    level: 'MUST',
    run: withTag((bench, etag) =>
      expectRange(bench, { Range: 'bytes=0-9', 'If-Range': etag }, firstBytes(bench)),
    ),
  },
  {
    id: 'if-range-other-tag',
    title: 'If-Range with another entity tag gets the whole object',
    section: 'RFC 9110, 13.1.5',
    level: 'MUST',
    run: withRanges(1, (bench) =>
      expectStatus(bench, { Range: 'bytes=0-9', 'If-Range': '"sluice-no-such-tag"' }, [200], whole),
    ),
  },
  {
    id: 'if-range-weak-tag',
    title: 'If-Range with a weak entity tag gets the whole object',
    section: 'RFC 9110, 13.1.5',
    level: 'MUST',
    run: withTag((bench, etag) =>
      expectStatus(
        bench,
        { Range: 'bytes=0-9', 'If-Range': `W/${etag}` },
        [200],
        'a weak tag cannot vouch for bytes',
      ),
    ),
  },
  {
    id: 'if-range-date',
    title: 'If-Range with the very Last-Modified lets the range apply',
    section: 'RFC 9110, 13.1.5',
    level: 'MAY',
    run: withDate((bench, date) =>
      expectRange(bench, { Range: 'bytes=0-9', 'If-Range': date }, firstBytes(bench)),
    ),
  },
  {
    id: 'if-range-earlier-date',
    title: 'If-Range with an earlier date gets the whole object',
    section: 'RFC 9110, 13.1.5',
    level: 'MUST',
    run: withDate((bench, _date, instant) => {
      const earlier = new Date(instant.getTime() - 3_600_000).toUTCString();
      return expectStatus(bench, { Range: 'bytes=0-9', 'If-Range': earlier }, [200], whole);
    }),
  },
  {
    id: 'if-range-later-date',
    title: 'If-Range with a later date gets the whole object',
    section: 'RFC 9110, 13.1.5',
    level: 'MUST',
    run: withDate((bench, _date, instant) => {
      const later = new Date(instant.getTime() + 1000).toUTCString();
      return expectStatus(
        bench,
        { Range: 'bytes=0-9', 'If-Range': later },
        [200],
        'only the very same date holds',
      );
    }),
  },
  {
    id: 'if-range-before-416',
    title: 'If-Range that does not hold makes an impossible range a 200',
    section: 'RFC 9110, 13.2.2',
    level: 'MUST',
    run: withRanges(1, (bench) => {
      const range = `bytes=${bench.known.length ?? 0}-`;
      return expectStatus(bench, { Range: range, 'If-Range': '"sluice-no-such-tag"' }, [200], whole);
    }),
  },
];

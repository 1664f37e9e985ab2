/** If-Match, If-None-Match and the two dates: alone, in lists, and who wins over whom. */
import { parseHttpDate } from '#shared/http/date.ts';
import { parseEntityTag } from '#shared/http/validators.ts';
import type { Bench, Fields } from './bench.ts';
import { type Check, inapplicable, met, type Outcome, unmet } from './check.ts';
import { expectStatus } from './partial.ts';

const other = '"sluice-no-such-tag"';

interface Validators {
  readonly etag: string;
  /** The entity tag, weak. */
  readonly weak: string;
  readonly date: string;
  readonly earlier: string;
}

type Need = 'tag' | 'date' | 'both' | 'nothing';

interface Row extends Omit<Check, 'run'> {
  readonly needs: Need;
  readonly fields: (validators: Validators) => Fields;
  readonly expects: number;
  /** The end of a sentence. */
  readonly why: string;
}

/** A hard-to-read validator is none. Weak tags match weakly only, so they cannot be asked about strongly. */
function validatorsOf(bench: Bench, needs: Need): Validators | string {
  const { etag = '', lastModified = '' } = bench.known;
  const tag = parseEntityTag(etag);
  const instant = parseHttpDate(lastModified, new Date());
  if ((needs === 'tag' || needs === 'both') && (!tag || tag.weak)) return 'There is no strong entity tag.';
  if ((needs === 'date' || needs === 'both') && !instant) return 'There is no Last-Modified.';
  const earlier = new Date((instant?.getTime() ?? 0) - 3_600_000).toUTCString();
  return { etag, weak: `W/${etag}`, date: lastModified, earlier };
}

const must = { level: 'MUST' } as const;
const ifMatch = { ...must, section: 'RFC 9110, 13.1.1' } as const;
const ifNoneMatch = { ...must, section: 'RFC 9110, 13.1.2' } as const;
const ifModifiedSince = { ...must, section: 'RFC 9110, 13.1.3' } as const;
const ifUnmodifiedSince = { ...must, section: 'RFC 9110, 13.1.4' } as const;
const order = { ...must, section: 'RFC 9110, 13.2.2' } as const;

const rows: readonly Row[] = [
  {
    ...ifMatch,
    id: 'if-match',
    title: 'If-Match with the current entity tag passes',
    needs: 'tag',
    fields: ({ etag }) => ({ 'If-Match': etag }),
    expects: 200,
    why: 'it is the current one',
  },
  {
    ...ifMatch,
    id: 'if-match-other',
    title: 'If-Match with another entity tag is a 412',
    needs: 'nothing',
    fields: () => ({ 'If-Match': other }),
    expects: 412,
    why: 'no such object is current',
  },
  {
    ...ifMatch,
    id: 'if-match-any',
    title: 'If-Match with * passes for what exists',
    needs: 'nothing',
    fields: () => ({ 'If-Match': '*' }),
    expects: 200,
    why: 'there is an object',
  },
  {
    ...ifMatch,
    id: 'if-match-list',
    title: 'If-Match with a list passes when one is current',
    needs: 'tag',
    fields: ({ etag }) => ({ 'If-Match': `${other}, ${etag}` }),
    expects: 200,
    why: 'one of them is current',
  },
  {
    ...ifMatch,
    id: 'if-match-weak',
    title: 'If-Match compares strongly: a weak entity tag is a 412',
    needs: 'tag',
    fields: ({ weak }) => ({ 'If-Match': weak }),
    expects: 412,
    why: 'a weak tag never matches strongly',
  },
  {
    ...ifNoneMatch,
    id: 'if-none-match',
    title: 'If-None-Match with the current entity tag is a 304',
    needs: 'tag',
    fields: ({ etag }) => ({ 'If-None-Match': etag }),
    expects: 304,
    why: 'the client has it',
  },
  {
    ...ifNoneMatch,
    id: 'if-none-match-other',
    title: 'If-None-Match with another entity tag gets the object',
    needs: 'nothing',
    fields: () => ({ 'If-None-Match': other }),
    expects: 200,
    why: 'the client has another one',
  },
  {
    ...ifNoneMatch,
    id: 'if-none-match-any',
    title: 'If-None-Match with * is a 304 for what exists',
    needs: 'nothing',
    fields: () => ({ 'If-None-Match': '*' }),
    expects: 304,
    why: 'there is an object',
  },
  {
    ...ifNoneMatch,
    id: 'if-none-match-list',
    title: 'If-None-Match with a list is a 304 when one is current',
    needs: 'tag',
    fields: ({ etag }) => ({ 'If-None-Match': `${other}, ${etag}` }),
    expects: 304,
    why: 'one of them is current',
  },
  {
    ...ifNoneMatch,
    id: 'if-none-match-weak',
    title: 'If-None-Match compares weakly: a weak entity tag is a 304 too',
    needs: 'tag',
    fields: ({ weak }) => ({ 'If-None-Match': weak }),
    expects: 304,
    why: 'weak or not is the same here',
  },
  {
    ...ifModifiedSince,
    level: 'SHOULD',
    id: 'if-modified-since',
    title: 'If-Modified-Since with Last-Modified is a 304',
    needs: 'date',
    fields: ({ date }) => ({ 'If-Modified-Since': date }),
    expects: 304,
    why: 'the object is not newer',
  },
  {
    ...ifModifiedSince,
    id: 'if-modified-since-earlier',
    title: 'If-Modified-Since with an earlier date gets the object',
    needs: 'date',
    fields: ({ earlier }) => ({ 'If-Modified-Since': earlier }),
    expects: 200,
    why: 'the object is newer',
  },
  {
    ...ifModifiedSince,
    id: 'if-modified-since-malformed',
    title: 'If-Modified-Since that is no date is ignored',
    needs: 'nothing',
    fields: () => ({ 'If-Modified-Since': 'yesterday' }),
    expects: 200,
    why: 'what is no date is ignored',
  },
  {
    ...ifUnmodifiedSince,
    id: 'if-unmodified-since',
    title: 'If-Unmodified-Since with Last-Modified passes',
    needs: 'date',
    fields: ({ date }) => ({ 'If-Unmodified-Since': date }),
    expects: 200,
    why: 'the object is not newer',
  },
  {
    ...ifUnmodifiedSince,
    id: 'if-unmodified-since-earlier',
    title: 'If-Unmodified-Since with an earlier date is a 412',
    needs: 'date',
    fields: ({ earlier }) => ({ 'If-Unmodified-Since': earlier }),
    expects: 412,
    why: 'the object is newer',
  },
  {
    ...ifUnmodifiedSince,
    id: 'order-match-date',
    title: 'If-Match wins over If-Unmodified-Since',
    needs: 'both',
    fields: ({ etag, earlier }) => ({ 'If-Match': etag, 'If-Unmodified-Since': earlier }),
    expects: 200,
    why: 'the date is ignored beside If-Match',
  },
  {
    ...ifModifiedSince,
    id: 'order-none-match-date',
    title: 'If-None-Match wins over If-Modified-Since',
    needs: 'date',
    fields: ({ date }) => ({ 'If-None-Match': other, 'If-Modified-Since': date }),
    expects: 200,
    why: 'the date is ignored beside If-None-Match',
  },
  {
    ...order,
    id: 'order-412-304',
    title: '412 comes before 304',
    needs: 'tag',
    fields: ({ etag }) => ({ 'If-Match': other, 'If-None-Match': etag }),
    expects: 412,
    why: 'If-Match is asked first',
  },
  {
    ...order,
    id: 'order-304-206',
    title: '304 comes before 206',
    needs: 'tag',
    fields: ({ etag }) => ({ 'If-None-Match': etag, Range: 'bytes=0-0' }),
    expects: 304,
    why: 'Range is asked last',
  },
  {
    ...order,
    id: 'order-412-416',
    title: '412 comes before 416',
    needs: 'nothing',
    fields: () => ({ 'If-Match': other, Range: 'bytes=999999999999999-' }),
    expects: 412,
    why: 'Range is asked last',
  },
];

function toCheck({ needs, fields, expects, why, ...check }: Row): Check {
  return {
    ...check,
    run: async (bench) => {
      const validators = validatorsOf(bench, needs);
      if (typeof validators === 'string') return inapplicable(validators);
      return expectStatus(bench, fields(validators), [expects], why);
    },
  };
}

const repeated = ['etag', 'cache-control', 'content-location', 'expires', 'vary'] as const;

/** Asks for a 304 in the way that this server's validators allow. */
function notModifiedFields({ known: { etag, lastModified } }: Bench): Fields | undefined {
  if (etag !== undefined) return { 'If-None-Match': etag };
  return lastModified === undefined ? undefined : { 'If-Modified-Since': lastModified };
}

async function with304(
  bench: Bench,
  judge: (bench: Bench, fields: Fields) => Promise<Outcome>,
): Promise<Outcome> {
  const fields = notModifiedFields(bench);
  return fields ? judge(bench, fields) : inapplicable('There is no validator to ask with.');
}

export const preconditionChecks: readonly Check[] = [
  ...rows.map(toCheck),
  {
    id: 'not-modified-fields',
    title: 'A 304 has the validator and caching fields of the 200',
    section: 'RFC 9110, 15.4.5',
    level: 'MUST',
    run: (bench) =>
      with304(bench, async (_bench, fields) => {
        const answer = await bench.ask(fields);
        if (answer.status !== 304) return inapplicable(`Came ${answer.words}, and so no 304.`);
        const missing = repeated.filter((name) => bench.known.whole.field(name) !== answer.field(name));
        return missing.length === 0
          ? met('All that the 200 has.')
          : unmet(`${missing.join(', ')}: not as in the 200; expected the same.`);
      }),
  },
  {
    id: 'not-modified-no-body',
    title: 'A 304 has no body',
    section: 'RFC 9110, 15.4.5',
    level: 'MUST',
    run: (bench) =>
      with304(bench, async (_bench, fields) => {
        const { status, bytes } = await bench.bytesAfterHead(fields, 'GET');
        if (status !== 304) return inapplicable(`Came ${status}, and so no 304.`);
        return bytes === 0
          ? met('Nothing came after the head.')
          : unmet(`${bytes} bytes came after the head; expected none.`);
      }),
  },
];

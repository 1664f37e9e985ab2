/** What the object says of itself: length, validators, dates, and HEAD. */
import { parseHttpDate } from '#shared/http/date.ts';
import { parseEntityTag } from '#shared/http/validators.ts';
import { type Check, inapplicable, met, unmet } from './check.ts';

const comparedFields = ['content-length', 'content-type', 'etag', 'last-modified', 'accept-ranges'] as const;

export const objectChecks: readonly Check[] = [
  {
    id: 'length',
    title: 'GET says how long the object is',
    section: 'RFC 9110, 8.6',
    level: 'SHOULD',
    run: async ({ known: { whole } }) =>
      whole.contentLength === undefined
        ? unmet('There is no Content-Length; expected one, so that a client knows when it has everything.')
        : met(`Content-Length is ${whole.contentLength}.`),
  },
  {
    id: 'length-true',
    title: 'The body of GET is as long as Content-Length says',
    section: 'RFC 9110, 8.6',
    level: 'MUST',
    run: async ({ known: { whole } }) => {
      if (whole.contentLength === undefined) return inapplicable('There is no Content-Length.');
      if (whole.ended === 'limit') return inapplicable('The object is longer than these checks read.');
      const isTrue = whole.ended === 'whole' && whole.body.length === whole.contentLength;
      const words = `Content-Length is ${whole.contentLength}, and ${whole.body.length} bytes came`;
      return isTrue ? met(`${words}.`) : unmet(`${words}; expected as many.`);
    },
  },
  {
    id: 'date',
    title: 'Answers have a Date',
    section: 'RFC 9110, 6.6.1',
    level: 'MUST',
    run: async ({ known: { whole } }) => {
      const date = whole.field('date');
      if (date === undefined) return unmet('There is no Date; expected one from a server with a clock.');
      return parseHttpDate(date, new Date())
        ? met(`Date is ${date}.`)
        : unmet(`Date is ${date}; expected a date like ${new Date().toUTCString()}.`);
    },
  },
  {
    id: 'etag',
    title: 'The object has a strong entity tag',
    section: 'RFC 9110, 8.8.3',
    level: 'SHOULD',
    run: async ({ known: { etag } }) => {
      if (etag === undefined)
        return unmet('There is no ETag; expected one, so that ranges of two versions are never mixed.');
      return etag.startsWith('W/')
        ? unmet(`ETag is ${etag}, which is weak; expected a strong one: a weak one cannot guard ranges.`)
        : met(`ETag is ${etag}.`);
    },
  },
  {
    id: 'etag-syntax',
    title: 'The entity tag is written as one',
    section: 'RFC 9110, 8.8.3',
    level: 'MUST',
    run: async ({ known: { etag } }) => {
      if (etag === undefined) return inapplicable('There is no ETag.');
      return parseEntityTag(etag)
        ? met(`ETag is ${etag}.`)
        : unmet(`ETag is ${etag}; expected a tag in quotes.`);
    },
  },
  {
    id: 'etag-stable',
    title: 'The entity tag stays the same while the object does',
    section: 'RFC 9110, 8.8.1',
    level: 'MUST',
    run: async (bench) => {
      const { etag } = bench.known;
      if (etag === undefined) return inapplicable('There is no ETag.');
      const again = (await bench.ask({}, 'GET', { limitBytes: 1 })).field('etag');
      return again === etag
        ? met(`It is ${etag} both times.`)
        : unmet(`First it was ${etag}, then ${again ?? 'absent'}; expected the same.`);
    },
  },
  {
    id: 'last-modified',
    title: 'The object has a Last-Modified',
    section: 'RFC 9110, 8.8.2',
    level: 'SHOULD',
    run: async ({ known: { lastModified } }) =>
      lastModified === undefined
        ? unmet('There is no Last-Modified; expected one, if the time is known.')
        : met(`Last-Modified is ${lastModified}.`),
  },
  {
    id: 'last-modified-past',
    title: 'Last-Modified is not later than Date',
    section: 'RFC 9110, 8.8.2.1',
    level: 'MUST',
    run: async ({ known: { whole, lastModified } }) => {
      const now = new Date();
      const [modified, date] = [lastModified, whole.field('date')].map((text) =>
        text === undefined ? undefined : parseHttpDate(text, now),
      );
      if (!modified || !date) return inapplicable('There are no Last-Modified and Date to compare.');
      const words = `Last-Modified is ${lastModified}, Date is ${whole.field('date')}`;
      return modified <= date ? met(`${words}.`) : unmet(`${words}; expected no time in the future.`);
    },
  },
  {
    id: 'accept-ranges',
    title: 'The object says that it can be read in ranges',
    section: 'RFC 9110, 14.3',
    level: 'MAY',
    run: async ({ known: { whole, servesRanges } }) => {
      const value = whole.field('accept-ranges');
      if (!servesRanges) return inapplicable('It serves no ranges.');
      return value?.toLowerCase() === 'bytes'
        ? met('Accept-Ranges is bytes.')
        : unmet(`Accept-Ranges is ${value ?? 'absent'}; expected bytes, so that clients need not find out.`);
    },
  },
  {
    id: 'head-length',
    title: 'HEAD says no other length than GET',
    section: 'RFC 9110, 8.6',
    level: 'MUST',
    run: async ({ known: { whole, head } }) => {
      if (head.contentLength === undefined || whole.contentLength === undefined)
        return inapplicable('GET or HEAD has no Content-Length.');
      const words = `HEAD says ${head.contentLength}, GET says ${whole.contentLength}`;
      return head.contentLength === whole.contentLength
        ? met(`${words}.`)
        : unmet(`${words}; expected the same.`);
    },
  },
  {
    id: 'head-fields',
    title: 'HEAD has the fields of GET',
    section: 'RFC 9110, 9.3.2',
    level: 'SHOULD',
    run: async (bench) => {
      bench.asked.push({ method: 'HEAD', fields: {} });
      const { whole, head } = bench.known;
      if (head.status !== whole.status)
        return unmet(`HEAD answers ${head.status}, GET ${whole.status}; expected the same.`);
      const other = comparedFields.filter((name) => head.field(name) !== whole.field(name));
      return other.length === 0
        ? met('The same status, and the same fields where it matters.')
        : unmet(`${other.join(', ')}: not as in GET; expected the same.`);
    },
  },
  {
    id: 'head-no-body',
    title: 'HEAD has no body',
    section: 'RFC 9110, 9.3.2',
    level: 'MUST',
    run: async (bench) => {
      const { bytes } = await bench.bytesAfterHead({}, 'HEAD');
      return bytes === 0
        ? met('Nothing came after the head.')
        : unmet(`${bytes} bytes came after the head; expected none.`);
    },
  },
  {
    id: 'head-range',
    title: 'HEAD ignores Range',
    section: 'RFC 9110, 14.2',
    level: 'MUST',
    run: async (bench) => {
      const answer = await bench.ask({ Range: 'bytes=0-0' }, 'HEAD');
      return answer.status === 200
        ? met('Came 200.')
        : unmet(`Came ${answer.status}; expected 200: Range means something for GET only.`);
    },
  },
  {
    id: 'method-allow',
    title: 'A 405 says which methods are allowed',
    section: 'RFC 9110, 15.5.6',
    level: 'MUST',
    run: async (bench) => {
      const answer = await bench.ask({}, 'TRACE');
      if (answer.status !== 405)
        return inapplicable(`TRACE, which changes nothing, came back with ${answer.status}, not 405.`);
      const allow = answer.field('allow');
      return allow === undefined
        ? unmet('Came 405 without Allow; expected the methods there are.')
        : met(`Came 405 with Allow: ${allow}.`);
    },
  },
];

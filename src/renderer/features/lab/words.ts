/** What the Range Lab says, as text. */
import type { ExplainedRepresentation, Explanation } from '#shared/explain.ts';
import { formatHttpDate } from '#shared/http/date.ts';
import type { LabAnswer, LabRequest } from '#shared/lab-model.ts';
import type { ByteRange } from '#shared/range.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { statusWord } from '../../ui/status-word.ts';
import { servedRanges } from './representation.ts';

/** `206 Partial`. */
export function statusTitle(status: number): string {
  return `${status} ${statusWord(status)}`.trim();
}

/** `0–99`, as Content-Range counts: the last byte is in. */
export function rangeWords({ start, end }: ByteRange): string {
  return `${formatCount(start)}–${formatCount(end - 1)}`;
}

export interface Agreement {
  readonly agrees: boolean;
  readonly sentence: string;
}

/** Whether what came is what had been explained. */
export function agreementOf(explained: Explanation, answer: LabAnswer): Agreement {
  const expected = statusTitle(explained.status);
  const came = statusTitle(answer.status);
  if (answer.status !== explained.status) {
    const more =
      explained.status === 206 && answer.status === 200 ? ' A server may ignore Range; this one did.' : '';
    return { agrees: false, sentence: `Explained was ${expected}; came ${came}.${more}` };
  }
  if (answer.status !== 206) return { agrees: true, sentence: `${came}, as explained.` };
  const served = servedRanges(answer);
  const [wanted, got] = [explained.ranges, served].map((ranges) => ranges.map(rangeWords).join(', '));
  return wanted === got
    ? { agrees: true, sentence: `${came}, as explained: bytes ${got}.` }
    : { agrees: false, sentence: `${came}, but bytes ${got || 'unknown'} came; explained were ${wanted}.` };
}

/** How the body ended, and how much of it there was. */
export function bodyWords({ bodyBytes, ended, failure, method }: LabAnswer): string {
  if (method === 'HEAD') return 'no body, as HEAD has none';
  const bytes = `${formatBytes(bodyBytes)} (${formatCount(bodyBytes)} bytes)`;
  if (ended === 'limit') return `${bytes}, and then broken off here: no more is read`;
  if (ended === 'broken off') return `${bytes}, and then it broke off: ${failure ?? 'no reason is known'}`;
  return bodyBytes === 0 ? 'no body' : `${bytes}, whole`;
}

/** What a field of an answer is for, where it matters for ranges and conditions. */
const fieldNotes: Readonly<Record<string, string>> = {
  'content-range': 'which bytes these are, and of how many',
  'content-length': 'bytes of this body',
  'content-type': 'what the bytes are; multipart/byteranges: several ranges',
  'accept-ranges': 'ranges are served',
  etag: 'names this version: for If-Range, If-Match, If-None-Match',
  'last-modified': 'its date: for If-Modified-Since, If-Unmodified-Since',
  'cache-control': 'how long it may be used again',
  vary: 'what else decides which version comes',
  allow: 'methods that are allowed here',
  location: 'where it is instead; not followed',
  'retry-after': 'when to try again',
  'content-encoding': 'ranges count coded bytes',
};

/** A field's note, if it has one: servers give their fields any name, also those that every object has. */
export function noteOf(field: string): string | undefined {
  const name = field.toLowerCase();
  return Object.hasOwn(fieldNotes, name) ? fieldNotes[name] : undefined;
}

export interface Preset {
  readonly name: string;
  readonly meaning: string;
  readonly fields: LabRequest['fields'];
}

const earlierMs = 3_600_000;

/** Requests to begin with; with more of them the better the object is known. */
export function presetsFor(known: ExplainedRepresentation | undefined): readonly Preset[] {
  const length = known?.length ?? 0;
  const beyond = known ? `bytes=${length}-` : 'bytes=999999999999-';
  const plain: readonly Preset[] = [
    { name: 'First KiB', meaning: 'from the first byte on', fields: { range: 'bytes=0-1023' } },
    { name: 'Last KiB', meaning: 'a suffix: counted from the end', fields: { range: 'bytes=-1024' } },
    { name: 'Two ranges', meaning: 'as multipart/byteranges', fields: { range: 'bytes=0-99, 2000-2099' } },
    { name: 'Beyond the end', meaning: 'nothing to send: 416', fields: { range: beyond } },
    { name: 'Malformed', meaning: 'is ignored: 200', fields: { range: 'bytes=9-5' } },
  ];
  const { etag, lastModified } = known ?? {};
  const tagged: readonly Preset[] =
    etag === undefined
      ? []
      : [
          {
            name: 'Resume',
            meaning: 'the rest, if it is still the same',
            fields: { range: `bytes=${Math.floor(length / 2)}-`, 'if-range': etag },
          },
          {
            name: 'Changed meanwhile',
            meaning: 'If-Range of another version',
            fields: { range: 'bytes=0-1023', 'if-range': '"another"' },
          },
          { name: 'Revalidate', meaning: 'is it still the same?', fields: { 'if-none-match': etag } },
          { name: 'Only this version', meaning: 'or 412', fields: { 'if-match': '"another"' } },
        ];
  const dated: readonly Preset[] =
    lastModified === undefined
      ? []
      : [
          {
            name: 'Not since',
            meaning: 'unless it is newer than that',
            fields: { 'if-modified-since': formatHttpDate(new Date(lastModified)) },
          },
          {
            name: 'Unless newer',
            meaning: 'an hour before it changed: 412',
            fields: { 'if-unmodified-since': formatHttpDate(new Date(lastModified - earlierMs)) },
          },
        ];
  return [...plain, ...tagged, ...dated];
}

/** `host/path` of a repository or `namespace/key` of an object, as request lists name them, to a URL of this server. */
export function urlOfTarget(target: string, serverUrl: string): string | undefined {
  const [first = '', ...rest] = target.split('/');
  if (first === '' || rest.length === 0 || /\s|…/.test(target) || target.startsWith('/')) return undefined;
  const path = rest.map(encodeURIComponent).join('/');
  // A namespace has no dot in it, and a host does.
  const known = first.includes('.')
    ? `git/${first}/${path}/snapshot.tar.zst`
    : `api/v1/object/${first}/${path}`;
  return new URL(known, serverUrl.replace(/\/?$/, '/')).href;
}

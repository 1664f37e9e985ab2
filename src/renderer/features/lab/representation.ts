/** What an answer tells of the object: what later requests to the same URL are explained with. */
import type { ExplainedRepresentation } from '#shared/explain.ts';
import { parseHttpDate } from '#shared/http/date.ts';
import type { LabAnswer } from '#shared/lab-model.ts';
import type { ByteRange } from '#shared/range.ts';

/** The combined value of a field, or `undefined`. */
function fieldOf({ fields }: Pick<LabAnswer, 'fields'>, name: string): string | undefined {
  const values = fields.filter(([each]) => each.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

/** The object that an answer is about; `undefined` when it does not say how long that is. */
export function representationOf(answer: LabAnswer): ExplainedRepresentation | undefined {
  const length = lengthOf(answer);
  if (length === undefined) return undefined;
  const date = fieldOf(answer, 'last-modified');
  const lastModified = date === undefined ? undefined : parseHttpDate(date, new Date())?.getTime();
  return { length, etag: fieldOf(answer, 'etag'), lastModified };
}

function lengthOf(answer: LabAnswer): number | undefined {
  const { status, method, bodyBytes, ended } = answer;
  const total = /\/(\d{1,15})$/.exec(fieldOf(answer, 'content-range') ?? '')?.[1] ?? totalOfParts(answer);
  if (total !== undefined) return Number(total);
  if (status !== 200) return undefined;
  const length = fieldOf(answer, 'content-length');
  if (length !== undefined && /^\d{1,15}$/.test(length)) return Number(length);
  return method === 'GET' && ended === 'whole' ? bodyBytes : undefined;
}

function totalOfParts(answer: LabAnswer): string | undefined {
  return isMultipart(answer) ? /bytes \d+-\d+\/(\d{1,15})/.exec(atob(answer.start))?.[1] : undefined;
}

function isMultipart(answer: LabAnswer): boolean {
  return answer.status === 206 && /^multipart\/byteranges/i.test(fieldOf(answer, 'content-type') ?? '');
}

/** Which bytes of the object came. */
export function servedRanges(answer: LabAnswer): readonly ByteRange[] {
  if (answer.method !== 'GET') return [];
  if (isMultipart(answer)) return (answer.parts ?? []).map(([start, end]) => ({ start, end }));
  if (answer.status === 206) {
    const match = /^bytes (\d{1,15})-(\d{1,15})\//.exec(fieldOf(answer, 'content-range') ?? '');
    return match ? [{ start: Number(match[1]), end: Number(match[2]) + 1 }] : [];
  }
  return answer.status === 200 && answer.bodyBytes > 0 ? [{ start: 0, end: answer.bodyBytes }] : [];
}

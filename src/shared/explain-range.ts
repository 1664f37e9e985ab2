/** What a Range field asks for, member by member, and what becomes of it. */
import type { Step } from './explain.ts';
import type { RequestConditions } from './http/conditions.ts';
import type { Selected } from './http/decision.ts';
import { passesIfRange } from './http/preconditions.ts';
import {
  type ByteRange,
  defaultRangeLimits,
  parseRange,
  type RangeResolution,
  type RangeSpec,
  resolveRange,
} from './range.ts';
import { formatBytes, formatCount } from './units.ts';

/** One member of a Range field. */
export interface AskedRange {
  /** As it was written, without blanks around it: `-500`. */
  readonly text: string;
  /** The bytes that it selects; absent when there are none. */
  readonly range?: ByteRange;
  readonly sentence: string;
}

interface RangeExplanation {
  readonly asked: readonly AskedRange[];
  /** Absent when there is no Range field. */
  readonly step?: Step;
}

/** Explains Range as if all preconditions held. */
export function explainRange(
  method: string,
  conditions: RequestConditions,
  selected: Selected,
  now: Date,
): RangeExplanation {
  const { range } = conditions;
  if (range === undefined) return { asked: [] };
  const specs = parseRange(range);
  const asked = specs ? askedRanges(range, specs, selected.length) : [];
  const reason = reasonToIgnore(method, range, specs?.length);
  const outcome =
    reason ??
    (passesIfRange(conditions.ifRange, selected, now)
      ? resolved(asked, resolveRange(specs, selected.length), selected.length)
      : ignored('If-Range does not hold, so the whole object is sent.', '13.1.5'));
  return { asked, step: { field: 'Range', value: range, ...outcome } };
}

type Outcome = Pick<Step, 'verdict' | 'sentence' | 'section'>;

function ignored(sentence: string, section: string): Outcome {
  return { verdict: 'ignored', sentence, section: `RFC 9110, ${section}` };
}

/** What alone keeps Range from having a say, whatever the representation. */
function reasonToIgnore(method: string, range: string, members: number | undefined): Outcome | undefined {
  if (method !== 'GET') return ignored(`Range means something for GET only, not for ${method}.`, '14.2');
  if (members === undefined) return ignored(`${unreadable(range)} The whole object is sent.`, '14.2');
  const { maxRanges } = defaultRangeLimits;
  if (members <= maxRanges) return undefined;
  return ignored(`${members} ranges are more than ${maxRanges}, so the whole object is sent.`, '14.2');
}

function resolved(asked: readonly AskedRange[], resolution: RangeResolution, length: number): Outcome {
  if (resolution.kind === 'full') {
    return ignored('The last bytes of an empty object are nothing: it is sent whole.', '14.1.2');
  }
  if (resolution.kind === 'unsatisfiable') {
    const sentence = `No member selects a byte of ${formatBytes(length)}.`;
    return { verdict: 'fails', sentence, section: 'RFC 9110, 15.5.17' };
  }
  return { verdict: 'applies', sentence: served(asked, resolution.ranges), section: 'RFC 9110, 14.2' };
}

function served(asked: readonly AskedRange[], ranges: readonly ByteRange[]): string {
  const selecting = asked.filter(({ range }) => range !== undefined).length;
  const dropped = asked.length - selecting;
  const parts = [ranges.length === 1 ? 'One range is sent' : `${ranges.length} ranges are sent`];
  if (selecting > ranges.length) {
    const gap = defaultRangeLimits.joinGapBytes;
    parts.push(`${selecting} asked ones overlap or are at most ${gap} bytes apart, and are joined`);
  }
  if (dropped > 0)
    parts.push(
      `${dropped} ${dropped === 1 ? 'selects' : 'select'} nothing and ${dropped === 1 ? 'is' : 'are'} dropped`,
    );
  return `${parts.join('; ')}.`;
}

/** Why a field that `parseRange` does not take cannot be read. */
function unreadable(range: string): string {
  const unit = /^\s*([^=\s]*)=/.exec(range)?.[1];
  if (unit === undefined) return 'There is no unit, as in bytes=0-99.';
  if (unit.toLowerCase() !== 'bytes') return `The unit is ${unit}, and bytes is the only one there is.`;
  const backwards = membersOf(range).find((member) => {
    const match = /^(\d+)-(\d+)$/.exec(member);
    return match?.[1] !== undefined && match[2] !== undefined && BigInt(match[2]) < BigInt(match[1]);
  });
  if (backwards !== undefined)
    return `${backwards} ends before it begins, which makes all of the field invalid.`;
  const broken = membersOf(range).find((member) => !/^(?:\d+-\d*|-\d+)$/.test(member));
  return broken === undefined ? 'It names no range.' : `${broken} is no range; one is 0-99, 100- or -500.`;
}

function membersOf(range: string): readonly string[] {
  const list = range.slice(range.indexOf('=') + 1);
  return list.split(',').flatMap((member) => (/^\s*$/.test(member) ? [] : [member.trim()]));
}

function askedRanges(range: string, specs: readonly RangeSpec[], length: number): readonly AskedRange[] {
  const texts = membersOf(range);
  return specs.map((spec, index): AskedRange => {
    const text = texts[index] ?? '';
    const resolution = resolveRange([spec], length);
    if (resolution.kind !== 'partial') return { text, sentence: nothing(spec, length) };
    const [only] = resolution.ranges;
    return { text, range: only, sentence: something(spec, only, length) };
  });
}

function nothing(spec: RangeSpec, length: number): string {
  if (spec.kind === 'suffix') {
    return spec.length === 0n ? 'the last 0 bytes: nothing' : 'the last bytes of an empty object: nothing';
  }
  if (length === 0) return 'beyond the end: the object is empty';
  return `beyond the end: the last byte is ${formatCount(length - 1)}`;
}

function something(spec: RangeSpec, { start, end }: ByteRange, length: number): string {
  const where = `bytes ${formatCount(start)} to ${formatCount(end - 1)}, ${formatBytes(end - start)}`;
  if (spec.kind === 'suffix') {
    return spec.length > BigInt(length) ? `${where}: more than there is, so all of it` : `${where}: the end`;
  }
  if (spec.kind === 'open') return `${where}: up to the end`;
  return spec.last >= BigInt(length) ? `${where}: cut off at the end` : where;
}

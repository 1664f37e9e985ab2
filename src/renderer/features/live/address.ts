/** The timeline as parameters of an address, and back: `span`, `end`, `paused`, `brush` and `within`. */
import { columnMs } from '../../state/columns.ts';
import type { Params } from '../../state/place.ts';
import { spans, type TimePosition, type TimeRange } from '../../state/timeline.ts';

/** Names that belong to the timeline; everything else in an address is somebody else's. */
export const timeParams = ['span', 'end', 'paused', 'brush', 'within'] as const;

const defaultSpan = (2 * 60_000) / columnMs;
/** Stretches in an address; deeper ones are not written. */
const maxDepth = 8;

export function paramsOf({ span, right, pausedAt, brush, trail }: TimePosition): Params {
  return {
    ...(span === defaultSpan || trail.length > 0 ? {} : { span: spanText(span) }),
    ...(right === undefined || trail.length > 0 ? {} : { end: String(right * columnMs) }),
    ...(pausedAt === undefined ? {} : { paused: String(pausedAt) }),
    ...(brush ? { brush: rangeText(brush) } : {}),
    ...(trail.length > 0 ? { within: trail.slice(-maxDepth).map(rangeText).join('~') } : {}),
  };
}

/** What cannot be read counts as not being there. */
export function positionOf(params: Params): TimePosition {
  const trail = (params['within'] ?? '').split('~').flatMap((text) => rangeOf(text) ?? []);
  const inner = trail.at(-1);
  const end = timeOf(params['end']);
  const right = inner ? inner.to : end;
  return {
    span: inner ? (inner.to - inner.from) / columnMs : spanOf(params['span']),
    right: right === undefined ? undefined : Math.floor(right / columnMs),
    pausedAt: timeOf(params['paused']),
    brush: rangeOf(params['brush'] ?? ''),
    trail,
  };
}

/** `5m` for a choice, seconds for anything between. */
function spanText(span: number): string {
  const minutes = spans.find((each) => (each * 60_000) / columnMs === span);
  return minutes === undefined ? `${(span * columnMs) / 1000}s` : `${minutes}m`;
}

function spanOf(text = ''): number {
  const [, count, unit] = /^(\d{1,4}(?:\.\d)?)([ms])$/.exec(text) ?? [];
  if (count === undefined) return defaultSpan;
  return (Number(count) * (unit === 'm' ? 60_000 : 1000)) / columnMs;
}

function rangeText({ from, to }: TimeRange): string {
  return `${from}-${to}`;
}

function rangeOf(text: string): TimeRange | undefined {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  return range.to > range.from ? range : undefined;
}

function timeOf(text = ''): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

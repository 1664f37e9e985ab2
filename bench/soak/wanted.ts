/** What the soak's clients ask for, and exactly what they must get. */
import type { IncomingHttpHeaders } from 'node:http';
import { formatContentRange } from '#shared/http/content-range.ts';
import { multipartSegments, segmentsLength, type Segment } from '#main/http/multipart.ts';
import type { ByteRange } from '#shared/range.ts';
import { KiB, MiB } from '#shared/units.ts';
import { leastLengthOf, lengthOf } from './content.ts';

/** How often each kind is asked for. */
const shares = { whole: 25, tail: 15, middle: 20, edge: 10, suffix: 10, small: 10, several: 10 } as const;
export type WantedKind = keyof typeof shares;
export const wantedKinds = Object.keys(shares) as readonly WantedKind[];

/** Chunks begin at multiples of this: those of the default size, and smaller ones as well. */
const edgeBytes = 8 * MiB;

export interface Wanted {
  readonly kind: WantedKind;
  readonly object: number;
  /** The Range field; absent for all of it. */
  readonly field: string | undefined;
  /** The ranges that this selects of a revision that is so long. */
  readonly ranges: (length: number) => readonly ByteRange[];
}

/** A request for the object: of any kind, at any place. */
export function drawWanted(object: number): Wanted {
  const kind = drawKind();
  return { kind, object, ...draws[kind](leastLengthOf(object)) };
}

type Draw = (leastLength: number) => Pick<Wanted, 'field' | 'ranges'>;

const draws: Readonly<Record<WantedKind, Draw>> = {
  whole: () => ({ field: undefined, ranges: (length) => [{ start: 0, end: length }] }),
  tail: (least) => {
    const start = below(least);
    return { field: `bytes=${start}-`, ranges: (length) => [{ start, end: length }] };
  },
  middle: (least) => drawBounded(least, 16 * MiB),
  edge: drawEdge,
  suffix: (least) => {
    const bytes = 1 + below(Math.min(least, 16 * MiB));
    return { field: `bytes=-${bytes}`, ranges: (length) => [{ start: length - bytes, end: length }] };
  },
  small: (least) => drawBounded(least, 64 * KiB),
  several: (least) => {
    const ranges = drawSeveral(least);
    const list = ranges.map(({ start, end }) => `${start}-${end - 1}`).join(',');
    return { field: `bytes=${list}`, ranges: () => ranges };
  },
};

function drawBounded(length: number, mostBytes: number): ReturnType<Draw> {
  const start = below(length);
  const end = Math.min(length, start + 1 + below(mostBytes));
  return { field: `bytes=${start}-${end - 1}`, ranges: () => [{ start, end }] };
}

/**
 * A range that ends so soon after a chunk begins that its last bytes come together with the head of the store's answer:
 * whoever asked has enough before the answer has begun to be read.
 */
function drawEdge(length: number): ReturnType<Draw> {
  const edges = Math.floor((length - 8 * KiB) / edgeBytes);
  if (edges < 1) return drawBounded(length, 64 * KiB);
  const edge = (1 + below(edges)) * edgeBytes;
  const [start, end] = [edge - 1 * MiB + below(MiB), edge + 1 + below(8 * KiB)];
  return { field: `bytes=${start}-${end - 1}`, ranges: () => [{ start, end }] };
}

/** Three ranges, one in each third, and the last one first. */
function drawSeveral(length: number): readonly ByteRange[] {
  const third = Math.floor(length / 3);
  return [2, 0, 1].map((part) => {
    const start = part * third + below(third / 2);
    return { start, end: start + 1 + below(Math.min(third / 2 - 1 * KiB, 2 * MiB)) };
  });
}

function drawKind(): WantedKind {
  let left = Math.random() * 100;
  return wantedKinds.find((kind) => (left -= shares[kind]) < 0) ?? 'whole';
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

export interface Expected {
  readonly status: 200 | 206;
  readonly contentLength: number;
  readonly contentRange: string | undefined;
  readonly segments: readonly Segment[];
}

/** The one right answer to `wanted` from the revision called `name`, whose fields are `headers`. */
export function expectedAnswer(wanted: Wanted, name: string, headers: IncomingHttpHeaders): Expected {
  const length = lengthOf(name);
  const ranges = wanted.ranges(length);
  const [range] = ranges;
  if (ranges.length > 1) {
    const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const segments = multipartSegments(ranges, { length, mediaType: 'application/octet-stream' }, boundary);
    return { status: 206, contentLength: segmentsLength(segments), contentRange: undefined, segments };
  }
  const segments = ranges.map((it): Segment => ({ kind: 'range', range: it }));
  return {
    status: wanted.field === undefined ? 200 : 206,
    contentLength: segmentsLength(segments),
    contentRange: wanted.field === undefined || !range ? undefined : formatContentRange(range, length),
    segments,
  };
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameRecord, laneRecord, slotRecord } from '../state/fixtures.ts';
import { frameSchema } from '#shared/model.ts';
import { framesOf, linesOf, requestsOf } from '#shared/recording/frames.ts';
import { parseRecords, type RecordingRecord } from '#shared/recording/records.ts';
import { shapeOf } from '#shared/recording/shape.ts';
import { recordLine } from '#shared/recording/writer.ts';

const row = {
  seq: 4,
  at: 1,
  method: 'GET',
  target: 'a ],"cursor":7 and "requests":[',
  spans: [[0, 1]] as [number, number][],
  status: 206,
  sentBytes: 1,
  durationMs: 2,
  client: 'c',
  complete: true,
};
const frame = frameRecord(1000, {
  lanes: [laneRecord(1, { slots: [slotRecord('held')] }), laneRecord(2)],
  requests: [{ ...row, seq: 3 }, row],
  cursor: 5,
});

/** Every place in a value, as a path of keys. */
function pathsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]))];
}

/** The same with another value at a path; `undefined` takes it away. */
function changedAt(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = changedAt(copy[key], rest, by);
  return copy;
}

describe('the shape of a frame', () => {
  const isFrame = shapeOf(frameSchema);

  it('is that of its schema, whatever is changed in it', () => {
    expect(isFrame(frame)).toBe(true);
    const paths = pathsIn(frame);
    const others = fc.constantFrom<unknown>(undefined, null, 'text', true, [], {}, ['text'], { a: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...paths), others, (path, by) => {
        const changed = changedAt(frame, path, by);
        expect(isFrame(changed)).toBe(frameSchema.safeParse(changed).success);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a block's text", () => {
  const records: readonly RecordingRecord[] = [
    { kind: 'frame', at: 1200, frame: { ...frame, at: 1200, requests: [{ ...row, seq: 5 }] } },
    { kind: 'gap', at: 1300, droppedFrames: 1 },
    { kind: 'frame', at: 1000, frame },
    { kind: 'mark', at: 1400, mark: { id: 'm', at: 1400, note: '{"kind":"frame",' } },
  ];
  const text = records.map(recordLine).join('');

  it('has the frames that its records have, in the order of time', () => {
    const { frames, unreadable } = framesOf(text);
    expect(unreadable).toBe(0);
    expect(frames.map(({ at }) => at)).toEqual([1000, 1200]);
    const parsed = parseRecords(text).records.filter((record) => record.kind === 'frame');
    expect(frames).toEqual(parsed.map((record) => record.frame).toReversed());
  });

  it('counts frames that are none, and lines that were cut', () => {
    const broken = recordLine({ kind: 'frame', at: 1, frame }).replace('"lanes":[', '"lanes":7,"x":[');
    expect(framesOf(`${text}${broken}{"kind":"frame","at":17,"fr`)).toMatchObject({ unreadable: 2 });
  });

  it('has the rows of requests, the newest first, without reading the rest', () => {
    expect(requestsOf(text).map(({ seq }) => seq)).toEqual([4, 3, 5]);
    expect(requestsOf(text)[0]).toEqual(row);
    expect(requestsOf('')).toEqual([]);
  });

  it('has lines of each kind', () => {
    expect(linesOf(text, 'mark')).toHaveLength(1);
    expect(linesOf(text, 'frame')).toHaveLength(2);
    expect(linesOf(text, 'owners')).toEqual([]);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnMs } from '../../state/columns.ts';
import { Timeline } from '../../state/timeline.ts';
import { paramsOf, positionOf } from './address.ts';

const latest = 17_000_000_000;
const range = fc
  .tuple(fc.integer({ min: latest - 5000, max: latest - 100 }), fc.integer({ min: 20, max: 99 }))
  .map(([from, length]) => ({ from: from * columnMs, to: (from + length) * columnMs }));

describe('a timeline in an address', () => {
  it('is the same timeline again', () => {
    const column = fc.option(fc.integer({ min: latest - 5000, max: latest }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 6000 }),
        column,
        column,
        fc.option(range, { nil: undefined }),
        fc.array(range, { maxLength: 3 }),
        (span, right, paused, brush, trail) => {
          const timeline = new Timeline(() => latest);
          for (const each of trail) {
            timeline.narrow(each);
            timeline.commit();
          }
          const base = timeline.position;
          const more = trail.length > 0 ? {} : { span, right };
          const pausedAt = paused === undefined ? undefined : paused * columnMs;
          timeline.restore({ ...base, ...more, pausedAt, brush });
          const other = new Timeline(() => latest);
          other.restore(positionOf(paramsOf(timeline.position)));
          expect(other.position).toEqual(timeline.position);
        },
      ),
    );
  });

  it('is short where nothing is special', () => {
    const timeline = new Timeline(() => latest);
    expect(paramsOf(timeline.position)).toEqual({});
    timeline.show(5);
    expect(paramsOf(timeline.position)).toEqual({ span: '5m' });
  });

  it('takes what makes no sense as not being there', () => {
    const nonsense = { span: 'x', end: '-1', paused: '1e9', brush: '9-3', within: 'a~5-5' };
    expect(paramsOf(positionOf(nonsense))).toEqual({});
  });
});

import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';

const never = new AbortController().signal;

describe('admission', () => {
  it('passes a place that comes free to the first who waits', async () => {
    const admission = new Admission(1, 10_000);
    const first = await admission.enter(never);
    const order: string[] = [];
    const second = admission.enter(never).then((place) => (order.push('second'), place));
    const third = admission.enter(never).then((place) => (order.push('third'), place));
    expect(admission.waiting).toBe(2);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    expect(order).toEqual(['second', 'third']);
    expect(admission.admitted).toBe(0);
  });

  it('refuses who has waited long enough', async () => {
    const admission = new Admission(1, 5);
    const place = await admission.enter(never);
    await expect(admission.enter(never)).rejects.toMatchObject({ code: 'BUSY', status: 503 });
    expect(admission.waiting).toBe(0);
    place[Symbol.dispose]();
    place[Symbol.dispose]();
    expect(admission.admitted).toBe(0);
  });

  it('forgets who has gone', async () => {
    const admission = new Admission(1, 10_000);
    const place = await admission.enter(never);
    const gone = new AbortController();
    const wait = admission.enter(gone.signal);
    gone.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
    place[Symbol.dispose]();
    expect(admission.admitted).toBe(0);
  });
});

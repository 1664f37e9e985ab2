import { describe, expect, it } from 'vitest';
import type { RecordingSummary } from '#shared/recording/model.ts';
import type { RecordingOrigin } from '#shared/recording/records.ts';
import {
  damageWords,
  eventWords,
  filtered,
  leftByCrash,
  rollingWords,
  spanWords,
  stateWords,
  titleOf,
} from './words.ts';

const noon = new Date(2026, 0, 31, 12, 0, 0).getTime();

const summary = (
  id: string,
  origin: RecordingOrigin,
  lastAt: number,
  change: Partial<RecordingSummary> = {},
) => ({
  id,
  name: '',
  note: '',
  origin,
  createdAt: lastAt,
  firstAt: lastAt - 60_000,
  lastAt,
  bytes: 1000,
  marks: 0,
  alerts: 0,
  isWhole: true,
  ...change,
});

describe('words', () => {
  it('say what a recording covers, the day once', () => {
    expect(spanWords(noon, noon + 61_000)).toBe('2026-01-31 12:00:00 – 12:01:01');
    expect(spanWords(noon, noon + 86_400_000)).toBe('2026-01-31 12:00:00 – 2026-02-01 12:00:00');
    expect(spanWords(0, 0)).toBe('nothing in it');
  });

  it('call one by its name, or by what it is', () => {
    expect(titleOf({ name: 'Slow', origin: 'saved' })).toBe('Slow');
    expect(titleOf({ name: '', origin: 'recovered' })).toBe('Before the crash');
  });

  it('count alerts and marks', () => {
    expect(eventWords({ alerts: 2, marks: 1 })).toBe('2 alerts, 1 mark');
    expect(eventWords({ alerts: 0, marks: 3 })).toBe('3 marks');
    expect(eventWords({ alerts: 0, marks: 0 })).toBe('');
  });

  it('say what is damaged, and nothing of one that is whole', () => {
    const whole = summary('a', 'saved', noon);
    expect(damageWords({ damaged: 0, unfinishedBytes: 0, summary: whole })).toEqual([]);
    expect(damageWords({ damaged: 2, unfinishedBytes: 1024, summary: { ...whole, isWhole: false } })).toEqual(
      [
        '2 places are damaged and skipped; the rest can be played.',
        'It was cut off while it was written: the last 1 KiB are lost.',
      ],
    );
    expect(damageWords({ damaged: 0, unfinishedBytes: 0, summary: { ...whole, isWhole: false } })).toEqual([
      'It was never finished: it ends where it was cut off.',
    ]);
  });

  it('say how far what is kept all the time goes back', () => {
    const rolling = { isOn: true, bytes: 2 ** 20, limitBytes: 2 ** 26, limitMs: 900_000, droppedFrames: 0 };
    expect(rollingWords({ ...rolling, firstAt: noon }, noon + 90_000)).toBe(
      'the last 1 m 30 s of 15 m 00 s · 1 MiB of 64 MiB',
    );
    expect(rollingWords(rolling, noon)).toBe('beginning');
    expect(rollingWords({ ...rolling, isOn: false }, noon)).toContain('--record-minutes is 0');
  });

  it('say whether an alert is over', () => {
    const alert = { id: 'a', rule: 'loop-delay', at: noon, value: 1, threshold: 1, text: '' } as const;
    expect(stateWords({ ...alert, state: 'firing' }, noon + 5000)).toBe('for 5.0 s, still');
    expect(stateWords({ ...alert, state: 'resolved', resolvedAt: noon + 2000 }, noon + 5000)).toBe(
      'over after 2.0 s',
    );
  });

  it('find recordings by every word, in name, note and origin', () => {
    const all = [
      summary('a', 'saved', noon, { name: 'Slow again', note: 'client 4.2' }),
      summary('b', 'alert', noon),
    ];
    expect(filtered(all, '4.2 SLOW').map(({ id }) => id)).toEqual(['a']);
    expect(filtered(all, 'alert').map(({ id }) => id)).toEqual(['b']);
    expect(filtered(all, ' ')).toBe(all);
  });

  it('offer what the last crash has left, not what one before an orderly end has', () => {
    expect(leftByCrash([])).toBeUndefined();
    const crash = summary('crash', 'recovered', noon, { firstAt: noon - 900_000 });
    const manual = summary('manual', 'recovered', noon + 1000);
    expect(leftByCrash([manual, crash])?.id).toBe('crash');
    expect(leftByCrash([crash, summary('older', 'previous', noon - 86_400_000)])?.id).toBe('crash');
    expect(leftByCrash([crash, summary('since', 'previous', noon + 86_400_000)])).toBeUndefined();
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertRuleFacts, alertRules, formatThreshold } from '#shared/vocabulary/alerts.ts';
import { alertSettingsSchema, defaultAlertSettings } from '#shared/alert-model.ts';
import { boundsWords, readThreshold } from './threshold-text.ts';

describe('readThreshold', () => {
  it('reads back what was written, of every rule and every value that is allowed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...alertRules),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rule, share) => {
          const { min, max } = alertRuleFacts[rule];
          const value = Math.round(min + share * (max - min));
          expect(readThreshold(rule, formatThreshold(rule, value))).toEqual({ kind: 'value', value });
        },
      ),
    );
  });

  it('reads what people write', () => {
    const value = (of: number) => ({ kind: 'value', value: of });
    expect(readThreshold('client-bound', ' 2.5 s ')).toEqual(value(2500));
    expect(readThreshold('unaccounted', '64 mib')).toEqual(value(64 * 2 ** 20));
    expect(readThreshold('refused-ranges', '1,000')).toEqual(value(1000));
    expect(readThreshold('memory-limit', '85%')).toEqual(value(85));
    expect(readThreshold('memory-limit', '85')).toEqual(value(85));
  });

  it('says what is wrong, with the bounds, and agrees with what the server refuses', () => {
    expect(readThreshold('client-bound', 'soon')).toEqual({
      kind: 'wrong',
      sentence: 'That is not a time, as 10s or 500ms',
    });
    expect(readThreshold('client-bound', '999ms')).toEqual({
      kind: 'wrong',
      sentence: 'A client takes nothing: allowed is 1s to 1h',
    });
    for (const rule of alertRules) {
      const { min, max } = alertRuleFacts[rule];
      for (const threshold of [min, max, max + 1]) {
        const rules = { ...defaultAlertSettings, [rule]: { isOn: true, threshold } };
        const isAllowed = alertSettingsSchema.safeParse(rules).success;
        expect(isAllowed).toBe(threshold <= max);
        expect(readThreshold(rule, formatThreshold(rule, threshold)).kind).toBe(
          isAllowed ? 'value' : 'wrong',
        );
      }
    }
    expect(boundsWords('client-bound')).toBe('usually 10s · 1s to 1h');
  });
});

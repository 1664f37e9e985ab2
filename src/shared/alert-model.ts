/**
 * Alerts: what is watched, from which value on somebody should know, and what has happened. A rule fires when its
 * value has been at its threshold for the rule's time, and is over once it has stayed below for as long.
 */
import { z } from 'zod';
import { alertRuleFacts, alertRules, thresholdProblem } from './vocabulary/alerts.ts';

const ruleSchema = z.object({ isOn: z.boolean(), threshold: z.number() });

/** All rules as somebody set them; a threshold out of bounds is refused with the bounds. */
export const alertSettingsSchema = z.record(z.enum(alertRules), ruleSchema).superRefine((rules, context) => {
  for (const name of alertRules) {
    const message = thresholdProblem(name, rules[name].threshold);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [name, 'threshold'], message });
  }
});
export type AlertSettings = Readonly<z.infer<typeof alertSettingsSchema>>;

export const defaultAlertSettings: AlertSettings = Object.fromEntries(
  alertRules.map((name) => [name, { isOn: true, threshold: alertRuleFacts[name].fallback }]),
) as AlertSettings;

export const alertSchema = z.object({
  id: z.string().max(64),
  rule: z.enum(alertRules),
  state: z.enum(['firing', 'resolved']),
  /** When it fired. */
  at: z.number(),
  resolvedAt: z.number().optional(),
  /** The worst value while it fired, and the threshold that held then. */
  value: z.number(),
  threshold: z.number(),
  /** One sentence for people. */
  text: z.string().max(500),
  /** The saved recording that shows it; absent until it is saved, or when it was not. */
  recording: z.string().max(64).optional(),
});
export type Alert = Readonly<z.infer<typeof alertSchema>>;

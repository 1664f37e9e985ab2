/** Alerts: what has fired, and from when on something does. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { alertSchema, alertSettingsSchema } from '#shared/alert-model.ts';
import { maxAlerts } from '#shared/vocabulary/alerts.ts';

const count = z.number().int().nonnegative();

const webhookStateSchema = z.object({
  /** Where it goes, without path and query: those may be a secret. */
  origin: z.string(),
  isSigned: z.boolean(),
  sent: count,
  /** Given up after all tries, or because too many waited. */
  failed: count,
  waiting: count,
  lastError: z.string().optional(),
});
export type WebhookState = Readonly<z.infer<typeof webhookStateSchema>>;

const alertListSchema = z.object({
  at: z.number(),
  /** Grows with each change: whoever has seen this one has seen all. */
  version: count,
  /** The newest first; none when `version` is the one that the caller has seen. */
  alerts: z.array(alertSchema).max(maxAlerts),
  /** Absent when the settings name none. */
  webhook: webhookStateSchema.optional(),
});

export const alertsContract = {
  /** Asked once a second. Whoever says which version they have `seen` is sent nothing twice. */
  list: oc.input(z.object({ seen: count.optional() }).optional()).output(alertListSchema),
  rules: oc.output(alertSettingsSchema),
  /** In force at once. A threshold out of bounds is refused with the bounds. Operators only. */
  setRules: oc.input(alertSettingsSchema).output(alertSettingsSchema),
};

/**
 * The Range Lab: requests that the server makes on behalf of whoever looks at the console, because a page may not (CORS).
 * What they may reach depends on the role (docs/adr/0016); every record is bounded.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { checkRunSchema, labAnswerSchema, labRequestSchema } from '#shared/lab-model.ts';

const runInput = z.object({ id: z.string().max(64) });

export const labContract = {
  /** Sends one request and tells all about its answer. Follows no redirect. */
  send: oc.input(labRequestSchema).output(labAnswerSchema),
  /** Starts the checks of a server. */
  check: oc.input(z.object({ url: z.string().max(4096) })).output(checkRunSchema),
  /** How far they have come: answers when they have ended, or else after a second. */
  progress: oc.input(runInput).output(checkRunSchema),
  /** Ends them; nothing happens to those that have ended. */
  cancel: oc.input(runInput).output(z.object({ ended: z.boolean() })),
};

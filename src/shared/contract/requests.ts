/** Requests that have ended: older ones, what is known beyond a row, and asking the same once more. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { requestDetailSchema, requestSchema } from '#shared/request-model.ts';

/** Rows in one answer. */
export const maxPageRows = 1000;
/** Bytes of a replayed answer's body that are shown; the rest is counted. */
export const maxReplayBytes = 4096;

const fieldsSchema = z.array(z.tuple([z.string().max(200), z.string().max(8192)])).max(64);

const pageSchema = z.object({
  /** The newest first. */
  requests: z.array(requestSchema),
  /** Whether older ones are kept; they come with the last row's `seq` as `before`. */
  hasOlder: z.boolean(),
});

const replayInput = z.union([
  /** As it came, without what was redacted. */
  z.object({ seq: z.number().int().nonnegative() }),
  z.object({
    request: z.object({
      method: z.enum(['GET', 'HEAD']),
      /** Path and query of this server's own: below `/git/` or `/api/`. */
      path: z.string().max(8192),
      headers: fieldsSchema,
    }),
  }),
]);
export type ReplayInput = Readonly<z.infer<typeof replayInput>>;

const replaySchema = z.object({
  /** The request's row in the log; absent when so many came meanwhile that it left again. */
  seq: z.number().int().optional(),
  status: z.number().int(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** Until the head was there, and until the last byte, in milliseconds. */
  headMs: z.number(),
  durationMs: z.number(),
  bodyBytes: z.number().int().nonnegative(),
  /** The first `maxReplayBytes` at most, as base64. */
  bodyStart: z.string(),
  /** False when the connection ended early, or the answer was left after a while because it is long. */
  complete: z.boolean(),
});
export type Replay = Readonly<z.infer<typeof replaySchema>>;

export const requestsContract = {
  /** What a console that has just connected shows first: rows before `before`, or the newest. */
  page: oc
    .input(
      z.object({
        before: z.number().int().nonnegative().optional(),
        limit: z.number().int().min(1).max(maxPageRows),
      }),
    )
    .output(pageSchema),
  /** NOT_FOUND in a sentence when it is not kept any more. */
  detail: oc.input(z.object({ seq: z.number().int().nonnegative() })).output(requestDetailSchema),
  /** The server asks itself, over the network like any client. Operators only. */
  replay: oc.input(replayInput).output(replaySchema),
};

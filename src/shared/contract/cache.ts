/** The caches: what is where, what left and why, and what operators do about it. Every refusal is a sentence. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  cachedObjectDetailSchema,
  cacheHistorySchema,
  cacheJobSchema,
  cacheListSchema,
  evictionsSchema,
} from '#shared/cache-model.ts';
import { cacheTiers, evictionReasons } from '#shared/vocabulary/cache.ts';

/** An object by the name that it is listed with. */
const objectInput = z.object({ object: z.string().max(4096) });

export const cacheContract = {
  /** Asked once a second while somebody looks; consoles that ask at the same time share one answer. */
  list: oc.output(cacheListSchema),
  /** Which chunks of an object are where. @throws NOT_FOUND for one that is in no cache */
  object: oc.input(objectInput).output(cachedObjectDetailSchema),
  /** The last hour. Asked once for each bucket. */
  history: oc.output(cacheHistorySchema),
  /** The newest evictions; `search` is a part of the object's name. */
  evictions: oc
    .input(
      z.object({
        search: z.string().max(200).optional(),
        tier: z.enum(cacheTiers).optional(),
        reason: z.enum(evictionReasons).optional(),
      }),
    )
    .output(evictionsSchema),
  /** Keeps an object from being evicted from disk. Operators only, as all that follow. */
  pin: oc.input(objectInput),
  unpin: oc.input(objectInput),
  /** Forgets an object in memory and on disk; the store keeps it. */
  evict: oc.input(objectInput),
  /** Brings all of an object, or `[start, end)` of it, from the store; or finds the job that does. */
  prefetch: oc
    .input(
      objectInput.extend({
        range: z
          .object({ start: z.number().int().nonnegative(), end: z.number().int().positive() })
          .optional(),
      }),
    )
    .output(cacheJobSchema),
  /** Compares what is cached of an object with its checksums. */
  verify: oc.input(objectInput).output(cacheJobSchema),
  cancel: oc.input(z.object({ job: z.number().int() })).output(z.object({ ended: z.boolean() })),
};

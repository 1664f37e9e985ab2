/**
 * The present instant. `live.frame` is a long poll: it answers one frame interval after the previous call. The console
 * asks for the next frame when it has drawn the last, so a slow window gets fewer frames, never a queue
 * (docs/adr/0003).
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { frameSchema } from '#shared/model.ts';

/** One frame each 100 ms at most. */
export const frameIntervalMs = 100;
/** Lanes in a frame; the others are counted. */
export const maxLanes = 24;
/** Requests in a frame: 10 frames a second carry 5,000 a second. */
export const maxRequestsPerFrame = 500;

export const liveContract = {
  /** The present instant, and the requests that finished since `cursor` (-1: the newest that are kept). */
  frame: oc.input(z.object({ cursor: z.number().int().min(-1) })).output(frameSchema),
  /**
   * Ends a transfer: the connection that it goes out on is closed. `ended` is false when it was over already. For
   * operators.
   */
  disconnect: oc.input(z.object({ lane: z.number().int() })).output(z.object({ ended: z.boolean() })),
};

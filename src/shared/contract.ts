/**
 * The console's contract: the only place where a procedure's name is spelled. The same contract runs over
 * Electron's MessagePort and over WebSocket; neither side knows which.
 *
 * `live.frame` is a long poll: it answers one frame interval after the previous call. The console asks for the next
 * frame when it has drawn the last, so a slow window gets fewer frames, never a queue (docs/adr/0003).
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { frameSchema, helloSchema } from './model.ts';

export const contract = {
  /** Who the server is and how it is configured. Asked once for each connection. */
  hello: oc.output(helloSchema),
  live: {
    /** The present instant, and the requests that finished since `cursor` (-1: the newest that are kept). */
    frame: oc.input(z.object({ cursor: z.number().int().min(-1) })).output(frameSchema),
  },
};

/** One frame each 100 ms at most. */
export const frameIntervalMs = 100;
/** Lanes in a frame; the others are counted. */
export const maxLanes = 24;
/** Requests in a frame: 10 frames a second carry 5,000 a second. */
export const maxRequestsPerFrame = 500;

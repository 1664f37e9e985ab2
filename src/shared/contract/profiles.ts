/** Profiles of this server's own process, and who holds the memory that bodies take. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { ledgerReadingSchema } from '#shared/ledger-model.ts';
import {
  captureKinds,
  captureSeconds,
  heapIntervalBytes,
  keptCaptures,
} from '#shared/vocabulary/profiles.ts';

export const captureRequestSchema = z.object({
  kind: z.enum(captureKinds),
  seconds: z
    .number()
    .int()
    .min(captureSeconds.least)
    .max(captureSeconds.most)
    .default(captureSeconds.default),
  intervalBytes: z
    .number()
    .int()
    .min(heapIntervalBytes.least)
    .max(heapIntervalBytes.most)
    .default(heapIntervalBytes.default),
});
export type CaptureRequest = Readonly<z.infer<typeof captureRequestSchema>>;

export const captureSchema = z.object({
  id: z.string(),
  kind: z.enum(captureKinds),
  state: z.enum(['running', 'ready', 'failed']),
  /** `sluice-heap-20260131T140211Z.heapprofile`. */
  name: z.string(),
  startedAt: z.number(),
  /** When it will have been sampled long enough; absent for a snapshot, which is done when it is done. */
  endsAt: z.number().optional(),
  /** Of the file; 0 until there is something in it. */
  bytes: z.number().int().nonnegative(),
  /** Why it failed. */
  message: z.string().optional(),
});
export type Capture = Readonly<z.infer<typeof captureSchema>>;

const snapshotCostSchema = z.object({
  /** What V8's heap has in use now: what a snapshot is of. */
  heapBytes: z.number(),
  /** For how long nothing else runs, in milliseconds; no client is served, and no request is answered. */
  stopsMs: z.number(),
  /** What it takes meanwhile, at most, and what there is. */
  memoryBytes: z.number(),
  availableBytes: z.number(),
  fileBytes: z.number(),
  /** Whether it would be begun at all. */
  fits: z.boolean(),
});
export type SnapshotCost = Readonly<z.infer<typeof snapshotCostSchema>>;

export const profilesContract = {
  /** What a heap snapshot would cost now. Operators only. */
  estimate: oc.output(snapshotCostSchema),
  /**
   * Begins a capture and answers at once; one runs at a time, and is BUSY for the next. A snapshot that does not fit
   * into memory is refused in a sentence. Operators only.
   */
  capture: oc.input(captureRequestSchema).output(captureSchema),
  /** The newest first; none for viewers. Asked once a second while somebody looks. */
  list: oc.output(z.object({ captures: z.array(captureSchema).max(keptCaptures) })),
  /**
   * A piece of a capture's file, as base64, and where the next one begins. The whole is at
   * `GET /api/v1/profiles/<id>`. Operators only.
   */
  read: oc
    .input(z.object({ id: z.string().max(64), offset: z.number().int().nonnegative() }))
    .output(z.object({ base64: z.string(), next: z.number().int().optional() })),
  /** Ends it if it is running, and removes its file. Operators only. */
  remove: oc.input(z.object({ id: z.string().max(64) })).output(z.object({ removed: z.boolean() })),
  /**
   * The ledger by owner at this instant; the bytes sum up to `totalBytes`, the ledger's own. As a file:
   * `GET /api/v1/ledger.pb.gz` and `ledger.ndjson`.
   */
  owners: oc.output(ledgerReadingSchema),
};

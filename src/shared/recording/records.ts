/** What a recording is made of: records, each with the time at which it was written; and the header that says whose. */
import { z } from 'zod';
import { alertSchema } from '#shared/alert-model.ts';
import { downloadDetailSchema, downloadListSchema } from '#shared/download-model.ts';
import { ledgerReadingSchema } from '#shared/ledger-model.ts';
import { frameSchema, type Frame } from '#shared/model.ts';
import { maxNameLength, maxNoteLength } from '#shared/vocabulary/recordings.ts';

export const markSchema = z.object({
  id: z.string().max(64),
  /** The instant that it marks. */
  at: z.number(),
  note: z.string().max(maxNoteLength),
});
export type Mark = Readonly<z.infer<typeof markSchema>>;

const recordSchema = z.discriminatedUnion('kind', [
  /** As a console gets it, with the requests that ended since the frame before. */
  z.object({ kind: z.literal('frame'), at: z.number(), frame: frameSchema }),
  z.object({ kind: z.literal('downloads'), at: z.number(), list: downloadListSchema }),
  /** With the pieces that changed since the record of this download before; all of them at first. */
  z.object({ kind: z.literal('download'), at: z.number(), detail: downloadDetailSchema }),
  /** Who holds the ledger: when much has changed, once a second at most, and else every five seconds. */
  z.object({ kind: z.literal('owners'), at: z.number(), ledger: ledgerReadingSchema }),
  z.object({ kind: z.literal('alert'), at: z.number(), alert: alertSchema }),
  z.object({ kind: z.literal('mark'), at: z.number(), mark: markSchema }),
  /** Frames that were not written because the disk was too slow. */
  z.object({ kind: z.literal('gap'), at: z.number(), droppedFrames: z.number().int() }),
]);
export type RecordingRecord =
  | { readonly kind: 'frame'; readonly at: number; readonly frame: Frame }
  | Exclude<Readonly<z.infer<typeof recordSchema>>, { kind: 'frame' }>;

/** Marks and alerts: few, and wanted before anything else is read. */
export const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alert'), at: z.number(), alert: alertSchema }),
  z.object({ kind: z.literal('mark'), at: z.number(), mark: markSchema }),
]);
export type RecordingEvent = Readonly<z.infer<typeof eventSchema>>;
/** Events that an index has; further ones are in their blocks only. */
export const maxIndexedEvents = 1000;

/**
 * How it came to be: kept all the time, started or saved by somebody, saved by an alert; left by a server that ended
 * without saying so, or by one that ended in order.
 */
export const recordingOrigins = ['rolling', 'manual', 'saved', 'alert', 'recovered', 'previous'] as const;
export type RecordingOrigin = (typeof recordingOrigins)[number];

export const recordingHeaderSchema = z.object({
  id: z.string().max(64),
  name: z.string().max(maxNameLength),
  note: z.string().max(maxNoteLength),
  origin: z.enum(recordingOrigins),
  createdAt: z.number(),
  server: z.object({
    version: z.string().max(100),
    /** Where it listened, and what its store is, as the console shows them. */
    url: z.string().max(500),
    store: z.string().max(500),
    host: z.string().max(100),
    startedAt: z.number(),
  }),
});
export type RecordingHeader = Readonly<z.infer<typeof recordingHeaderSchema>>;

/** The records of a block's text, in order, and how many of its lines are none. */
export function parseRecords(text: string): {
  readonly records: readonly RecordingRecord[];
  readonly unreadable: number;
} {
  const lines = text.split('\n').filter((line) => line !== '');
  const records = lines.flatMap((line) => {
    const parsed = recordSchema.safeParse(jsonOf(line));
    return parsed.success ? [parsed.data] : [];
  });
  return { records, unreadable: lines.length - records.length };
}

/** `undefined` for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

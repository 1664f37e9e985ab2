/** Recordings as lists and calls tell about them. */
import { z } from 'zod';
import { eventSchema, markSchema, recordingHeaderSchema, recordingOrigins } from './records.ts';
import { maxNameLength, maxNoteLength } from '#shared/vocabulary/recordings.ts';

/** Saved recordings in a list; the oldest beyond are counted. */
export const maxListed = 500;
/** Bytes of blocks in one answer, before base64; one block at least. */
export const maxReadBytes = 256 * 1024;

const count = z.number().int().nonnegative();

/** What `saved/ID` is; checked before it becomes a path. */
export const recordingIdSchema = z.string().regex(/^\d{8}T\d{6}Z-[a-z]+-[0-9a-f]{8}$/);

/** What is kept all the time, up to now, where a recording can be opened. */
export const rollingId = 'rolling';
export const playableIdSchema = z.union([recordingIdSchema, z.literal(rollingId)]);

export const recordingSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  note: z.string(),
  origin: z.enum(recordingOrigins),
  createdAt: z.number(),
  /** The times that it covers; both 0 when there is nothing in it. */
  firstAt: z.number(),
  lastAt: z.number(),
  bytes: count,
  marks: count,
  alerts: count,
  /** False when it was cut off, as by a crash; damaged places are skipped. */
  isWhole: z.boolean(),
});
export type RecordingSummary = Readonly<z.infer<typeof recordingSummarySchema>>;

export const recorderStateSchema = z.object({
  rolling: z.object({
    /** False when the settings turn it off. */
    isOn: z.boolean(),
    /** Since when it goes back at present; absent while there is nothing. */
    firstAt: z.number().optional(),
    bytes: count,
    limitBytes: count,
    limitMs: count,
    /** Frames that were left out because the disk was too slow. */
    droppedFrames: count,
    /** Why nothing can be written at present, in a sentence. */
    trouble: z.string().optional(),
  }),
  /** The recording that somebody has started. */
  manual: z.object({ id: z.string(), name: z.string(), startedAt: z.number(), bytes: count }).optional(),
  savedBytes: count,
  savedLimitBytes: count,
});
export type RecorderState = Readonly<z.infer<typeof recorderStateSchema>>;

export const recordingListSchema = z.object({
  at: z.number(),
  /** The newest first. */
  recordings: z.array(recordingSummarySchema).max(maxListed),
  hidden: count,
  state: recorderStateSchema,
});
export type RecordingList = Readonly<z.infer<typeof recordingListSchema>>;

export const openedRecordingSchema = z.object({
  header: recordingHeaderSchema,
  summary: recordingSummarySchema,
  /** The number of the first of these blocks: what is kept all the time loses its oldest. */
  firstBlock: count,
  /** Of each block: the times that it covers, and how many bytes and records it has. */
  blocks: z.object({
    firstAt: z.array(z.number()),
    lastAt: z.array(z.number()),
    bytes: z.array(count),
    records: z.array(count),
  }),
  /** Marks and alerts, the first 1,000. */
  events: z.array(eventSchema),
  /** Places that were skipped because they are damaged. */
  damaged: count,
  unfinishedBytes: count,
});
export type RecordingContents = Readonly<z.infer<typeof openedRecordingSchema>>;

const name = z.string().trim().max(maxNameLength);
const note = z.string().max(maxNoteLength);

export const saveInputSchema = z.object({
  /** So far back from now; all that is kept when absent. */
  lastMs: z.number().int().positive().optional(),
  name: name.default(''),
  note: note.default(''),
});
export type SaveInput = Readonly<z.infer<typeof saveInputSchema>>;

export const startInputSchema = z.object({ name: name.default(''), note: note.default('') });
export type StartInput = Readonly<z.infer<typeof startInputSchema>>;

/** What is absent stays as it is. */
export const editInputSchema = z.object({ name: name.optional(), note: note.optional() });
export type EditInput = Readonly<z.infer<typeof editInputSchema>>;

/** Marks that a recorder remembers, the newest: for flags at their times. */
export const maxRecentMarks = 100;

export const recentMarksSchema = z.object({
  /** Grows with each mark: whoever has seen this one has seen all. */
  version: count,
  /** Of what is kept all the time or being recorded, the newest last; none when `version` is the one that was seen. */
  marks: z.array(markSchema).max(maxRecentMarks),
});
export type RecentMarks = Readonly<z.infer<typeof recentMarksSchema>>;

export const markInputSchema = z.object({ at: z.number().optional(), note: note.default('') });
export type MarkInput = Readonly<z.infer<typeof markInputSchema>>;

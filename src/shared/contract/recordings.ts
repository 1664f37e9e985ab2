/** Recordings: what is kept all the time, what somebody keeps, and reading it back in pages of bounded size. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  editInputSchema,
  markInputSchema,
  openedRecordingSchema,
  playableIdSchema,
  recentMarksSchema,
  recorderStateSchema,
  recordingIdSchema,
  recordingListSchema,
  recordingSummarySchema,
  saveInputSchema,
  startInputSchema,
} from '#shared/recording/model.ts';
import { markSchema } from '#shared/recording/records.ts';
import { maxNoteLength } from '#shared/vocabulary/recordings.ts';

const idInput = z.object({ id: recordingIdSchema });
const playableInput = z.object({ id: playableIdSchema });
const markOfInput = idInput.extend({ mark: z.string().max(64) });

export const recordingsContract = {
  /** Asked once a second while somebody looks. */
  list: oc.output(recordingListSchema),
  /** The recorder alone: for the top bar, once a second. */
  state: oc.output(recorderStateSchema),
  /** Saves the last while of what is kept all the time. Operators only, as all that change something. */
  save: oc.input(saveInputSchema).output(recordingSummarySchema),
  /** Starts a recording that goes on until `stop`; one at a time. */
  start: oc.input(startInputSchema).output(recorderStateSchema),
  stop: oc.output(recordingSummarySchema),
  /** Puts a mark with a note at an instant, now when none is said. */
  mark: oc.input(markInputSchema).output(markSchema),
  /** Marks of what is kept all the time, as long as they are in it. Asked once a second, as `alerts.list`. */
  marks: oc.input(z.object({ seen: z.number().int().nonnegative().optional() })).output(recentMarksSchema),
  /**
   * Changes name and note of a saved recording. The file is written anew beside itself and takes its own place, so it is
   * the old one or the new one whatever happens. Refused for one that is damaged.
   */
  edit: oc.input(idInput.extend(editInputSchema.shape)).output(recordingSummarySchema),
  /** The same for the note of one of its marks; NOT_FOUND when that is not in it. */
  editMark: oc
    .input(markOfInput.extend({ note: z.string().max(maxNoteLength) }))
    .output(recordingSummarySchema),
  removeMark: oc.input(markOfInput).output(recordingSummarySchema),
  remove: oc.input(idInput).output(z.object({ removed: z.boolean() })),
  /**
   * What is in one, or, with the id `rolling`, in what is kept all the time, up to now. NOT_FOUND in a sentence when
   * it is gone.
   */
  open: oc.input(playableInput).output(openedRecordingSchema),
  /**
   * Blocks from number `from` on, as they are in the file (base64), `maxReadBytes` of them or one block. `next` is
   * absent after the last. `blockText` of shared/recording/reader.ts reads each. None when it is not kept any more.
   */
  read: oc
    .input(playableInput.extend({ from: z.number().int().nonnegative() }))
    .output(z.object({ blocks: z.array(z.string()), next: z.number().int().optional() })),
};

/** Incidents in one file, to be sent to somebody: a recording and all that it takes to understand it. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { recordingIdSchema } from '#shared/recording/model.ts';
import { MiB } from '#shared/units.ts';
import { keptCaptures } from '#shared/vocabulary/profiles.ts';
import { keptBundles, maxNoteLength } from '#shared/vocabulary/recordings.ts';

/** `20260131T140211Z-incident-9f3c01aa`. */
export const incidentIdSchema = z.string().regex(/^\d{8}T\d{6}Z-incident-[0-9a-f]{8}$/);

/** Profiles that are attached to bundles: how many, and bytes of all that wait to be put into one. */
export const maxAttachments = 8;
export const maxAttachedBytes = 64 * MiB;

/** A profile that was sent to be put into a bundle. */
export const attachmentSchema = z.object({
  id: z.string(),
  /** What its file is called in the bundle. */
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  format: z.enum(['pprof', 'heapprofile', 'cpuprofile', 'folded', 'heapsnapshot']),
  /** Which function has the most. */
  sentence: z.string(),
});
export type Attachment = Readonly<z.infer<typeof attachmentSchema>>;

const id = z.string().max(64);

export const bundleInputSchema = z.object({
  /** A saved recording; when absent what is kept all the time is saved first. */
  recording: recordingIdSchema.optional(),
  note: z.string().max(maxNoteLength).default(''),
  /** Profiles that the server has taken of itself, by id; when absent all that it keeps but heap snapshots. */
  captures: z.array(id).max(keptCaptures).optional(),
  /** Profiles that were sent before, by id. */
  attached: z.array(id).max(maxAttachments).default([]),
});
export type BundleInput = Readonly<z.infer<typeof bundleInputSchema>>;

export const bundleSchema = z.object({
  /** `GET api/v1/incidents/ID` is the file. */
  id: incidentIdSchema,
  fileName: z.string(),
  bytes: z.number().int().nonnegative(),
  recording: z.string(),
  files: z.array(z.string()),
  /** Those of the files that are profiles, with what is in each in a sentence. */
  profiles: z.array(z.object({ file: z.string(), sentence: z.string() })),
  /** What was taken out, in sentences. */
  redactions: z.array(z.string()),
});
export type Bundle = Readonly<z.infer<typeof bundleSchema>>;

export const keptBundleSchema = bundleSchema.extend({
  /** When it was made. */
  at: z.number(),
  note: z.string(),
});
export type KeptBundle = Readonly<z.infer<typeof keptBundleSchema>>;

export const incidentsContract = {
  /** Makes a bundle; the newest three are kept. Operators only, as all of these: settings are in it. */
  bundle: oc.input(bundleInputSchema).output(bundleSchema),
  /** Those that are kept, the newest first. */
  list: oc.output(z.object({ bundles: z.array(keptBundleSchema).max(keptBundles) })),
  remove: oc.input(z.object({ id: incidentIdSchema })).output(z.object({ removed: z.boolean() })),
};

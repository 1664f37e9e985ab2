/** Repositories and the jobs on them, as the console, the API and the command line show them. */
import { z } from 'zod';

const bytes = z.number().int().nonnegative();

const jobKinds = ['clone', 'fetch', 'snapshot', 'lfs-snapshot', 'bundle', 'restore'] as const;
export type JobKind = (typeof jobKinds)[number];

/** Every job begins as `queued` and ends as one of the last three. */
const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

export const jobSchema = z.object({
  id: z.number().int(),
  kind: z.enum(jobKinds),
  /** `https://HOST/PATH`. */
  repository: z.string(),
  state: z.enum(jobStates),
  /** What it does now, in words: `receiving objects`, `archiving`, `uploading`. */
  phase: z.string(),
  /** How far the phase is; the total is absent when nobody knows it. */
  done: z.number().nonnegative().optional(),
  total: z.number().nonnegative().optional(),
  unit: z.enum(['bytes', 'objects', 'files', 'percent']).optional(),
  bytesPerSecond: z.number().nonnegative().optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  /** What came of it, or why it failed: a sentence for people. */
  outcome: z.string().optional(),
});
export type Job = Readonly<z.infer<typeof jobSchema>>;

/** Whether nothing of the job will change any more. */
export function hasEnded({ state }: Pick<Job, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

const mirrorSchema = z.object({
  /** `absent`: not cloned yet. `broken`: will be cloned again. */
  state: z.enum(['absent', 'cloning', 'ready', 'broken']),
  /** The commit that HEAD is on; absent in an empty repository. */
  head: z.string().optional(),
  /** The branch that HEAD names; absent when it is detached. */
  branch: z.string().optional(),
  /** When the upstream was asked last, with success. */
  fetchedAt: z.number().optional(),
  bytes: bytes.optional(),
});

const snapshotSchema = z.object({
  commit: z.string().optional(),
  bytes,
  /** As clients see it, without quotes. */
  etag: z.string(),
  storedAt: z.number(),
  /** Commits from the snapshot's to the mirror's HEAD; absent when the mirror does not know. */
  behind: z.number().int().nonnegative().optional(),
});

const bundleSchema = z.object({ base: z.string(), head: z.string(), bytes, madeAt: z.number() });

const repositorySchema = z.object({
  /** `https://HOST/PATH`. */
  name: z.string(),
  /** Where it is fetched from, without secrets; the name unless configured otherwise. */
  fetchUrl: z.string(),
  /** The rule that allows it. */
  rule: z.string(),
  mirror: mirrorSchema,
  /** Absent when there is none. */
  snapshot: snapshotSchema.optional(),
  /** Bytes of the snapshot in the levels of the cache. */
  residency: z.object({ memoryBytes: bytes, diskBytes: bytes }),
  bundles: z.array(bundleSchema),
});
export type RepositoryRow = Readonly<z.infer<typeof repositorySchema>>;

export const repositoriesSchema = z.object({
  /** As they are configured: `https://github.com/block/*`. */
  rules: z.array(z.string()),
  repositories: z.array(repositorySchema),
  /** The newest first; those that have ended are kept for a while. */
  jobs: z.array(jobSchema),
});
export type Repositories = Readonly<z.infer<typeof repositoriesSchema>>;

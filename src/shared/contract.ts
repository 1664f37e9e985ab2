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
import { jobSchema, repositoriesSchema } from './repository-model.ts';

/** What somebody can start on a repository; the other kinds of job start by themselves, or by `restore`. */
const startableKinds = ['clone', 'fetch', 'snapshot', 'lfs-snapshot'] as const;
export type StartableKind = (typeof startableKinds)[number];

/** Everything about repositories at one instant of the server. */
const repositoryListSchema = repositoriesSchema.extend({
  at: z.number(),
  /** Whether this console may restore to a folder: in the desktop window, when the server can. */
  canRestore: z.boolean(),
});
export type RepositoryList = Readonly<z.infer<typeof repositoryListSchema>>;

/** `https://HOST/PATH`; what is no repository is refused in a sentence, by the router. */
const repositoryInput = z.object({ repository: z.string().max(2048) });
const jobInput = z.object({ job: z.number().int() });

export const contract = {
  /** Who the server is and how it is configured. Asked once for each connection. */
  hello: oc.output(helloSchema),
  live: {
    /** The present instant, and the requests that finished since `cursor` (-1: the newest that are kept). */
    frame: oc.input(z.object({ cursor: z.number().int().min(-1) })).output(frameSchema),
  },
  /** Every refusal is a sentence for people. */
  repositories: {
    /** Asked once a second while somebody looks; consoles that ask at the same time share one answer. */
    list: oc.output(repositoryListSchema),
    /** Starts a job, or finds the one of this kind that is under way. */
    start: oc.input(repositoryInput.extend({ kind: z.enum(startableKinds) })).output(jobSchema),
    /** Ends a job; nothing happens to one that has ended. */
    cancel: oc.input(jobInput).output(z.object({ ended: z.boolean() })),
    /** What the job's programs have written, the newest last. */
    log: oc.input(jobInput).output(z.object({ lines: z.array(z.string()) })),
    /** Removes the mirror, and the snapshot and bundles from every level. */
    remove: oc.input(repositoryInput),
    /** Restores into a folder that `desktop.chooseFolder` gave. Only in the desktop window. */
    restore: oc.input(repositoryInput.extend({ directory: z.string().max(4096) })).output(jobSchema),
  },
  /** Answered in the desktop window only. */
  desktop: {
    /** Asks where to restore to. The folder is new, inside the one that was chosen; absent when none was. */
    chooseFolder: oc.input(repositoryInput).output(z.object({ directory: z.string().optional() })),
  },
};

/** One frame each 100 ms at most. */
export const frameIntervalMs = 100;
/** Lanes in a frame; the others are counted. */
export const maxLanes = 24;
/** Requests in a frame: 10 frames a second carry 5,000 a second. */
export const maxRequestsPerFrame = 500;

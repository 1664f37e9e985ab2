/** Repositories: what is mirrored, and what somebody may start on it. Every refusal is a sentence for people. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { jobSchema, repositoriesSchema } from '#shared/repository-model.ts';

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

export const repositoriesContract = {
  /** Asked once a second while somebody looks; consoles that ask at the same time share one answer. */
  list: oc.output(repositoryListSchema),
  /** Starts a job, or finds the one of this kind that is under way. Operators only. */
  start: oc.input(repositoryInput.extend({ kind: z.enum(startableKinds) })).output(jobSchema),
  /** Ends a job; nothing happens to one that has ended. Operators only. */
  cancel: oc.input(jobInput).output(z.object({ ended: z.boolean() })),
  /** What the job's programs have written, the newest last. */
  log: oc.input(jobInput).output(z.object({ lines: z.array(z.string()) })),
  /** Removes the mirror, and the snapshot and bundles from every level. Operators only. */
  remove: oc.input(repositoryInput),
  /** Restores into a folder that `desktop.chooseFolder` gave. Only in the desktop window. */
  restore: oc.input(repositoryInput.extend({ directory: z.string().max(4096) })).output(jobSchema),
};

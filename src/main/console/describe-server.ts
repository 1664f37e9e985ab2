/** What a server says of itself to each console that connects. */
import type { Config } from '#shared/config.ts';
import type { Hello } from '#shared/model.ts';
import type { Role } from '#shared/vocabulary/live.ts';
import type { Budget } from '#main/flow/budget.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import type { OpenedFile } from './opened-file.ts';
import { version } from '#main/version.ts';

/** `file`: what is shown to somebody of this role; `tryIt`: a command to begin with. */
export function describeServer(facts: {
  readonly config: Config;
  readonly host: 'desktop' | 'headless';
  readonly url: string;
  readonly tryIt: string | undefined;
  readonly startedAt: number;
  readonly store: ObjectStore;
  readonly budget: Budget;
  readonly role: Role;
  readonly file: OpenedFile | undefined;
  readonly window: number;
}): Hello {
  const { config, window, host, url, tryIt, startedAt, store, budget, role, file } = facts;
  const { node, electron } = process.versions;
  return {
    name: 'sluice',
    version,
    role,
    host,
    url,
    store: store.description,
    startedAt,
    pid: process.pid,
    runtime: { node, ...(electron === undefined ? {} : { electron }) },
    chunkBytes: config.chunkBytes,
    window,
    memoryCacheBytes: budget.plan.cachedBytes,
    diskCacheBytes: config.diskCacheBytes,
    ...(tryIt === undefined ? {} : { tryIt }),
    ...(file ? { opens: { name: file.name, bytes: file.bytes } } : {}),
  };
}

/** Whether a mirror has what a client wants to find; the upstream is asked only when something is missing. */
import type { Mirror } from '#main/git/mirror.ts';
import { orAborted } from '#main/object-store/cancel.ts';
import type { Repository } from '#main/http/names.ts';
import type { Mirrors } from './mirrors.ts';
import type { FoundRefs, WantedRefs } from './service.ts';

/** As RepositoryService.ensureRefs. */
export async function ensureRefs(
  mirrors: Mirrors,
  repository: Repository,
  wanted: WantedRefs,
  signal: AbortSignal,
): Promise<FoundRefs> {
  const askedAt = performance.now();
  const kept = await mirrors.ready(repository, signal);
  const fetched = (): boolean => kept.fetchBeganAt >= askedAt;
  for (;;) {
    const found = await look(kept.mirror, wanted, signal);
    // A fetch that began before may have missed what was pushed since: then there is one more.
    if (fetched() || !isMissing(wanted, found)) return { ...found, fetched: fetched() };
    await orAborted(mirrors.fetch(repository).finished, signal);
  }
}

async function look(
  mirror: Mirror | undefined,
  { refs, commits }: WantedRefs,
  signal: AbortSignal,
): Promise<Omit<FoundRefs, 'fetched'>> {
  const found = await mirror?.resolveRefs(Object.keys(refs), signal);
  const missingCommits: string[] = [];
  for (const commit of commits) {
    if ((await mirror?.hasCommit(commit, signal)) !== true) missingCommits.push(commit);
  }
  return { refs: Object.fromEntries(found ?? []), missingCommits };
}

function isMissing({ refs }: WantedRefs, found: Omit<FoundRefs, 'fetched'>): boolean {
  const isElsewhere = ([name, commit]: readonly [string, string]): boolean => {
    const at = found.refs[name];
    return at === undefined || (commit !== '' && at !== commit);
  };
  return found.missingCommits.length > 0 || Object.entries(refs).some(isElsewhere);
}

/**
 * Refs and commits that have to be in the clone when it is handed over. First the server is asked to make sure of them,
 * because what its mirror has comes with the bundle; what is still missing then comes from origin, with the user's own
 * credentials.
 */
import type { Repository } from '#main/http/names.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import { send } from './http.ts';
import { refusal } from './refusal.ts';
import type { TreeGit } from './restore-git.ts';
import { MissingRefsError } from './restore-names.ts';
import { makingMilliseconds } from './restore-snapshot.ts';
import { snapshotUrl } from './server.ts';

export interface WantedRefs {
  /** Full ref names, and the commit that each has to be at or past; an empty text for any. */
  readonly refs: Readonly<Record<string, string>>;
  readonly commits: readonly string[];
}

/** True when nothing is wanted. */
export function wantsNothing({ refs, commits }: WantedRefs): boolean {
  return Object.keys(refs).length === 0 && commits.length === 0;
}

/** Asks the server to fetch what its mirror does not have. @throws SluiceError when it cannot or will not */
export async function askServer(
  server: URL,
  repository: Repository,
  { refs, commits }: WantedRefs,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL('ensure-refs', snapshotUrl(server, repository));
  const body = (async function* () {
    yield Buffer.from(JSON.stringify({ refs, commits }));
  })();
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', url, headers, body, silenceMilliseconds: makingMilliseconds } as const;
  using answer = await send(request, signal);
  if (answer.status !== 200) throw await refusal(answer, 'the server cannot look for refs');
}

/**
 * Fetches from origin what the clone lacks.
 * @throws MissingRefsError that names what is missing everywhere; SluiceError ABORTED
 */
export async function fetchMissing(git: TreeGit, wanted: WantedRefs, signal: AbortSignal): Promise<void> {
  const lacking = await lackingIn(git, wanted, signal);
  if (wantsNothing(lacking)) return;
  const failure = await fetchFromOrigin(git, lacking, signal);
  const left = await lackingIn(git, lacking, signal);
  if (wantsNothing(left)) return;
  const missing = [...Object.keys(left.refs), ...left.commits];
  const named = [
    ...Object.entries(left.refs).map(([name, at]) => (at === '' ? name : `${name} at ${at}`)),
    ...left.commits,
  ];
  const why = failure === undefined ? '' : ` (${messageOf(failure)})`;
  throw new MissingRefsError(missing, `missing, at origin too: ${named.join(', ')}${why}`, failure);
}

/** Where the clone keeps a ref of origin. */
function localName(ref: string): string {
  return ref.replace(/^refs\/heads\//, 'refs/remotes/origin/');
}

async function lackingIn(
  git: TreeGit,
  { refs, commits }: WantedRefs,
  signal: AbortSignal,
): Promise<WantedRefs> {
  const lackingRefs: Record<string, string> = {};
  for (const [name, at] of Object.entries(refs)) {
    if (!(await hasRef(git, localName(name), at, signal))) lackingRefs[name] = at;
  }
  const lackingCommits: string[] = [];
  for (const commit of commits) {
    const found = await git.ask(['cat-file', '-e', `${commit}^{commit}`], signal);
    if (found === undefined) lackingCommits.push(commit);
  }
  return { refs: lackingRefs, commits: lackingCommits };
}

/** Whether the ref is there, and is at the wanted commit or has it in its history: origin may have moved on. */
async function hasRef(git: TreeGit, name: string, at: string, signal: AbortSignal): Promise<boolean> {
  const found = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', name], signal);
  if (found === undefined || at === '' || found === at) return found !== undefined;
  return (await git.ask(['merge-base', '--is-ancestor', at, found], signal)) !== undefined;
}

/** What the last fetch failed with, if it did: whether that matters shows in what is there afterwards. */
async function fetchFromOrigin(
  git: TreeGit,
  { refs, commits }: WantedRefs,
  signal: AbortSignal,
): Promise<unknown> {
  let failure: unknown;
  const fetch = async (...refspecs: readonly string[]) => {
    try {
      await git.runAsUser(['fetch', '--quiet', '--no-tags', 'origin', ...refspecs], signal);
      return true;
    } catch (error) {
      if (!isSluiceError(error, 'PROCESS_FAILED')) throw error;
      failure = error;
      return false;
    }
  };
  const refspecs = Object.keys(refs).map((name) => `+${name}:${localName(name)}`);
  // One ref that does not exist fails the whole command.
  if (refspecs.length > 0 && !(await fetch(...refspecs))) {
    for (const refspec of refspecs) await fetch(refspec);
  }
  // Some servers give a commit only by the refs that lead to it.
  if (commits.length > 0 && !(await fetch(...commits))) await fetch();
  return failure;
}

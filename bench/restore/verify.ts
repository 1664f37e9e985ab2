/** Whether what was cloned or restored is what it should be. */
import { git } from './git.ts';

export interface Verified {
  /** Of the first `git status`, which reads every file whose entry in the index looks new. */
  readonly statusSeconds: number;
}

/** @throws when HEAD is another commit, or a file differs from it; `fsck` also when an object is damaged or missing */
export async function verify(tree: string, head: string, depth: 'status' | 'fsck'): Promise<Verified> {
  const startedAt = performance.now();
  const changes = await git(tree, 'status', '--porcelain');
  const statusSeconds = (performance.now() - startedAt) / 1000;
  if (changes !== '') throw new Error(`git status in ${tree}:\n${changes.slice(0, 1000)}`);
  const found = await git(tree, 'rev-parse', 'HEAD');
  if (found !== head) throw new Error(`HEAD in ${tree} is ${found}, not ${head}`);
  if (depth === 'fsck') await git(tree, 'fsck', '--full', '--no-dangling', '--no-progress');
  return { statusSeconds };
}

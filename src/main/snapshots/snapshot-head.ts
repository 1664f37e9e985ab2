/**
 * Where HEAD was when a snapshot was made. Its commit is freshen metadata, which clients read; the branch is kept
 * beside it, because an upstream that renames its default branch need not have a new commit, and a clone of the old
 * snapshot would be on a branch that is gone. Snapshots of other programs do not say it, and only their commit counts.
 */
import type { MirrorHead } from '#main/git/mirror.ts';
import type { StoredHeaders, StoredObject } from '#main/object-store/object-store.ts';
import { commitOf } from './publisher.ts';

const field = 'x-sluice-snapshot-branch';

/** The stored header that names the branch; percent-encoded, because headers are ASCII. Empty for a detached HEAD. */
export function branchField(head: MirrorHead | undefined): StoredHeaders {
  return { [field]: [encodeURIComponent(head?.branch ?? '')] };
}

/** Whether a clone of the snapshot is where `head` is. */
export function isOf(snapshot: StoredObject, head: MirrorHead): boolean {
  const branch = snapshot.headers[field]?.[0];
  const isSameBranch = branch === undefined || branch === encodeURIComponent(head.branch ?? '');
  return isSameBranch && commitOf(snapshot) === head.commit;
}

/**
 * Freshen metadata: what tells a client which commit the snapshot holds. It is stored with the snapshot and so goes
 * out with every 200, 206 and HEAD of it.
 */
import { SluiceError } from '#shared/errors.ts';

/** The stored headers of a snapshot of `commit`. @throws SluiceError INVALID_INPUT when it is not a commit id */
export function freshenMetadata(
  commit: string | string[] | undefined,
): Readonly<Record<string, readonly string[]>> {
  if (typeof commit !== 'string' || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new SluiceError(
      'INVALID_INPUT',
      `X-Cachew-Snapshot-Commit ${JSON.stringify(commit ?? '')}: allowed is a commit id of 40 or 64 lower-case hex digits`,
    );
  }
  return { 'x-cachew-snapshot-commit': [commit] };
}

/**
 * Freshen metadata: which commit a snapshot holds, stored with it, and where the bundle from there to HEAD is, which
 * only the present moment knows. It goes out with every 200, 206 and HEAD of a snapshot.
 */
import type { Repository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';

type Fields = Readonly<Record<string, string | readonly string[]>>;

const commitField = 'x-cachew-snapshot-commit';
const bundleField = 'x-cachew-bundle-url';

/** Whether `text` is a full commit id, SHA-1 or SHA-256, as git writes it. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** The stored headers of a snapshot of `commit`. @throws SluiceError INVALID_INPUT when it is not a commit id */
export function freshenMetadata(
  commit: string | string[] | undefined,
): Readonly<Record<string, readonly string[]>> {
  if (typeof commit !== 'string' || !isCommitId(commit)) {
    throw new SluiceError(
      'INVALID_INPUT',
      `X-Cachew-Snapshot-Commit ${JSON.stringify(commit ?? '')}: allowed is a commit id of 40 or 64 lower-case hex digits`,
    );
  }
  return { [commitField]: [commit] };
}

/**
 * The fields of a snapshot that is stored with `stored`, when the mirror's HEAD is at `head`: a bundle is offered
 * when there is one to be had. Whoever stored the snapshot knew nothing of our bundles.
 */
export function freshenFields(repository: Repository, stored: Fields, head: string | undefined): Fields {
  const { [bundleField]: _another, ...fields } = stored;
  const commit = [fields[commitField] ?? ''].flat()[0] ?? '';
  if (head === undefined || head === commit || !isCommitId(commit)) return fields;
  const { host, path } = repository;
  return { ...fields, [bundleField]: `/git/${host}/${path}/snapshot.bundle?base=${commit}` };
}

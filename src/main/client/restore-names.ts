/** Names of refs and commits, checked before they go anywhere near git. */
import { SluiceError } from '#shared/errors.ts';

/** A full ref name that git takes (git-check-ref-format), and that no option can be mistaken for. */
export function isRefName(text: string): boolean {
  const parts = text.split('/');
  return (
    /^refs\/[^/]+\/./.test(text) &&
    !/[\p{Cc} ~^:?*[\\]|\.\.|@\{/u.test(text) &&
    parts.every((part) => part !== '' && !/^[.-]|\.$|\.lock$/.test(part))
  );
}

/** A whole commit id, of either object format. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** `refs/heads/main` of `main`; a full name stays as it is. `undefined` when it cannot be a ref. */
export function fullRefName(text: string): string | undefined {
  const full = text.startsWith('refs/') ? text : `refs/heads/${text}`;
  return isRefName(full) ? full : undefined;
}

/** What was asked for is neither on the server nor at the upstream. */
export class MissingRefsError extends SluiceError {
  /** Ref names and commits. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[], message: string, cause: unknown) {
    super('NOT_FOUND', message, { cause });
    this.missing = missing;
  }
}

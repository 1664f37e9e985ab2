/** Names of git refs, checked by git's own rules (git-check-ref-format) before they go anywhere near git. */

const maxLength = 1024;
/** Control characters, halves of characters, blanks, and what git gives a meaning in revisions and patterns. */
const forbidden = /[\p{Cc}\p{Cs} ~^:?*[\\]|\.\.|@\{/u;

/** What is allowed, in words. */
export const allowedRefName = `a full ref name of at most ${maxLength} characters, like refs/heads/main`;

/** Whether `name` is a full name, `refs/…`, that a ref may have. */
export function isRefName(name: string): boolean {
  const segments = name.split('/');
  return (
    segments[0] === 'refs' &&
    segments.length > 1 &&
    name.length <= maxLength &&
    !forbidden.test(name) &&
    !name.endsWith('.') &&
    segments.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

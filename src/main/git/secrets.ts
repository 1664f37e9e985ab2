/**
 * Takes secrets out of what git says before anybody can see it. The tokens that Sluice was given are known and
 * replaced wherever they stand; for all others it goes by how they look.
 */

const mask = '***';

/** Who logs in, in a URL: a password with its user, or over HTTP a user alone, which is where tokens are put. */
const userInUrl = /\b(https?:\/\/|[a-z][a-z0-9+.-]*:\/\/(?=[^\s/]*:[^\s/]*@))[^\s/]+@/gi;
/** GitHub's, GitLab's and Slack's tokens and AWS's key ids begin with what they are. */
const token =
  /\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl[a-z]{2,6}-[\w-]{16,}|xox[a-z]-[\w-]{10,}|A[KS]IA[A-Z0-9]{16})/g;
/** Header fields, query parameters and the lines of git's credential protocol. */
const named =
  /\b((?:authorization:\s*(?:\w+\s+)?)|(?:(?:access_|private_|oauth_)?token|password|bearer)[=:]\s*)[^\s&'"]+/gi;

/** `text` without secrets; `known` are the ones that are certain. */
export function maskSecrets(text: string, known: Iterable<string> = []): string {
  let masked = text;
  for (const secret of known) masked = masked.replaceAll(secret, mask);
  return masked.replace(userInUrl, `$1${mask}@`).replace(named, `$1${mask}`).replace(token, mask);
}

/** Why something with git failed, as a sentence for people: what happened, and what helps. */
import { isSluiceError, messageOf, SluiceError, type ErrorCode } from '#shared/errors.ts';

/** What the sentence may name. */
interface Circumstances {
  /** Where it is fetched from. */
  readonly from: string;
  readonly repository: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly sentence: (circumstances: Circumstances) => string;
}

/** In this order: what comes first explains what comes later. */
const known: readonly Known[] = [
  {
    pattern: /ENOSPC|No space left on device|disk quota exceeded|EDQUOT/i,
    code: 'PROCESS_FAILED',
    sentence: () => 'the disk of the data folder is full: make room, or name another with --data-dir',
  },
  {
    pattern: /EFBIG|File too large/i,
    code: 'PROCESS_FAILED',
    sentence: () =>
      'the disk of the data folder takes no file that large: raise the limit (ulimit -f), or name another with --data-dir',
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|Invalid username or|returned error: 40[13]/i,
    code: 'PROCESS_FAILED',
    sentence: ({ from }) => `${from} refused: authentication failed; add a token with --upstream-token-file`,
  },
  {
    pattern: /Permission denied \(|Host key verification failed|Too many authentication failures/i,
    code: 'PROCESS_FAILED',
    sentence: ({ from }) =>
      `${from} refused the SSH key: check the keys and known hosts of the server's user`,
  },
  {
    pattern: /repository .*not found|returned error: 404|not appear to be a git repository|does not exist/i,
    code: 'NOT_FOUND',
    sentence: ({ from, repository }) =>
      `${from} has no repository ${repository}, or shows it only with a token (--upstream-token-file)`,
  },
  {
    pattern: /Could not resolve host|Name or service not known|Temporary failure in name resolution/i,
    code: 'PROCESS_FAILED',
    sentence: ({ from }) => `${from} cannot be reached: there is no such host, or no name server answers`,
  },
  {
    pattern:
      /Connection refused|Failed to connect|Could(?:n't| not) connect|Network is unreachable|No route to host/i,
    code: 'PROCESS_FAILED',
    sentence: ({ from }) => `${from} cannot be reached: it takes no connection`,
  },
  {
    pattern: /certificate|SSL|TLS/,
    code: 'PROCESS_FAILED',
    sentence: ({ from }) => `${from} cannot be trusted: its certificate is not good for this machine`,
  },
  {
    pattern: /timed out|took too long|early EOF|unexpected disconnect|hung up|RPC failed|Connection reset/i,
    code: 'PROCESS_FAILED',
    sentence: ({ from }) => `${from} broke off, or took too long: it will be asked again`,
  },
];

/** A store's own error names a request, which tells people nothing; the log has it. */
const ofStore: ReadonlyMap<ErrorCode, string> = new Map([
  ['STORE_UNAVAILABLE', 'the store cannot be reached: try again when it can'],
  ['STORE_STALLED', 'the store does not answer: try again when it does'],
]);

/** The newest lines of a log that may say why. */
const telling = 20;

/** What was thrown, for people; what says already what it is is passed on. */
export function explainGit(
  error: unknown,
  lines: readonly string[],
  { fetchUrl, repository }: { readonly fetchUrl: string; readonly repository: string },
): SluiceError {
  if (isSluiceError(error) && error.code !== 'PROCESS_FAILED' && !isFull(error)) {
    const sentence = ofStore.get(error.code);
    return sentence === undefined ? error : new SluiceError(error.code, sentence, { cause: error });
  }
  const matching = (text: string): Known | undefined => known.find(({ pattern }) => pattern.test(text));
  const match = matching(causes(error)) ?? matching(lines.slice(-telling).join('\n'));
  if (!match) {
    return isSluiceError(error)
      ? error
      : new SluiceError('PROCESS_FAILED', messageOf(error), { cause: error });
  }
  const from = hostOf(fetchUrl);
  return new SluiceError(match.code, match.sentence({ from, repository }), { cause: error });
}

function isFull(error: unknown): boolean {
  return /ENOSPC|EDQUOT|EFBIG/.test(causes(error));
}

/** The messages of an error and of what caused it. */
function causes(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}\n${causes(cause)}`;
}

/** The host of a URL. Where a folder is on this machine is nothing for clients, and the log has it. */
function hostOf(fetchUrl: string): string {
  const { protocol, host } = new URL(fetchUrl);
  return protocol === 'file:' ? 'the upstream (a folder)' : host;
}

/** A failure as text, for whoever is told of it. */
import { redacted, safeUrl } from '#shared/redact.ts';
import { type Params, parsePlace, placeHash } from '../state/place.ts';

interface FailureFacts {
  /** What was to be shown. */
  readonly what: string;
  readonly error: unknown;
  /** Of the page. */
  readonly address: string;
  /** Of the server; `undefined` as long as it has not answered. */
  readonly version: string | undefined;
}

/** In a sentence on the page; the details have all of it. */
const longestMessage = 300;

/** What an error says of itself, in one line without secrets. */
export function failureMessage(error: unknown): string {
  const text = safeUrl(textOf(error)).replaceAll(/\s+/g, ' ').trim();
  if (text === '') return 'no reason is known';
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}

/** All that helps to mend it: message, stack, address and version. No secrets. */
export function failureDetails({ what, error, address, version }: FailureFacts): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const message = textOf(error);
  return [
    `${what} cannot be shown.`,
    // A stack begins with the message in some browsers, and in others it does not.
    safeUrl(stack.includes(message) ? stack : `${message}\n${stack}`).trim(),
    `Address: ${safeAddress(address)}`,
    `Version: ${version ?? 'the server has not answered'}`,
  ].join('\n\n');
}

/** The address without what stands before an `@`, without a query, and without the secrets of its parameters. */
export function safeAddress(address: string): string {
  const [page = '', ...rest] = address.split('#');
  const hash = rest.join('#');
  const bare = safeUrl(page.replace(/\?.*$/s, ''));
  // All else behind a # is no place; it may be a token.
  if (!hash.startsWith('/')) return bare;
  const { view, subject, params } = parsePlace(hash);
  return `${bare}${placeHash(view, safeUrl(subject), safeParams(params))}`;
}

/** Parameters have URLs in them, whose secrets are escaped where they stand. */
function safeParams(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const isSecret = safeUrl(`?${encodeURIComponent(name)}=x`).endsWith(`=${redacted}`);
      return [name, isSecret ? redacted : safeUrl(value)];
    }),
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

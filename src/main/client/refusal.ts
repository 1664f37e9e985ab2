/** What a server's refusal means: its status as one of our codes, and the first line of what it says. */
import { retryAfterMs } from '#main/object-store/retry-after.ts';
import { SluiceError, type ErrorCode } from '#shared/errors.ts';
import type { HttpAnswer } from './http.ts';

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'INVALID_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  410: 'NOT_FOUND',
  412: 'REVISION_CHANGED',
  413: 'TOO_LARGE',
  429: 'BUSY',
  503: 'BUSY',
};

const maxTextBytes = 4096;

/** The error for an answer that is not what was asked for; reads at most 4 KiB of it. */
export async function refusal(answer: HttpAnswer, what: string): Promise<SluiceError> {
  const { status } = answer;
  const code = codes[status] ?? (status >= 500 ? 'STORE_UNAVAILABLE' : 'STORE_MISBEHAVED');
  const said = firstSentence(await textOf(answer));
  return new SluiceError(code, `${what}: ${answer.url.host} answers ${status}${said && ` (${said})`}`, {
    retryAfterMs: retryAfterMs(answer.headers['retry-after']),
  });
}

async function textOf(answer: HttpAnswer): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of answer.body) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= maxTextBytes) break;
    }
  } catch {
    // The status says enough; the text is an extra.
  }
  return Buffer.concat(pieces).toString('utf8', 0, maxTextBytes);
}

/** Our servers' JSON carries `message`; of anything else, the first line unless it is a page. */
function firstSentence(text: string): string {
  let said = text;
  try {
    const { message, error } = JSON.parse(text) as { readonly message?: unknown; readonly error?: unknown };
    const nested = (error as { readonly message?: unknown } | undefined)?.message;
    said = [message, nested, error].find((value) => typeof value === 'string') ?? '';
  } catch {
    if (text.trimStart().startsWith('<')) return '';
  }
  const [line = ''] = said.trim().split(/[\r\n]/);
  return line.replace(/\p{Cc}/gu, ' ').slice(0, 200);
}

/** Answers of a Sluice server that are JSON, or lines of it. */
import type { z } from 'zod';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { MiB } from '#shared/units.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { refusal } from './refusal.ts';
import { ask } from './server.ts';

/** More is no answer of a Sluice server. */
const maxAnswerBytes = 16 * MiB;

/** The answer to `request`, when it is a success. `what` says what was not done when it is none. @throws SluiceError */
export async function answered<T>(
  request: HttpRequest,
  schema: z.ZodType<T>,
  what: string,
  signal: AbortSignal,
): Promise<T> {
  using answer = await ask(request, signal);
  if (answer.status < 200 || answer.status > 299) throw await refusal(answer, what);
  return parseAnswer(await textOf(answer, what), schema, what);
}

/** @throws SluiceError STORE_MISBEHAVED */
export function parseAnswer<T>(text: string, schema: z.ZodType<T>, what: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw new SluiceError('STORE_MISBEHAVED', `${what}: the answer is none of a Sluice server`, {
      cause: error,
    });
  }
}

async function textOf({ body }: HttpAnswer, what: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxAnswerBytes) throw new SluiceError('STORE_MISBEHAVED', `${what}: the answer is too long`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Of UTF-8, however it was cut; a line that does not end is given up. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MiB) throw new SluiceError('STORE_MISBEHAVED', 'a line of the answer does not end');
  }
}

/** Small JSON bodies: read whole, because JSON cannot be used in part, and therefore bounded, singly and together. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { MiB } from '#shared/units.ts';
import { bodyOf } from './objects.ts';

const maxJsonBytes = MiB;
const maxBytesTogether = 8 * MiB;
const patienceMilliseconds = 10_000;

/** Of all bodies that are being read now. */
let bytesTogether = 0;

/**
 * The body as `schema` wants it.
 * @throws SluiceError INVALID_INPUT that names the field; TOO_LARGE; BUSY; UPLOAD_ABORTED when it does not arrive
 */
export async function readJson<T>(request: FastifyRequest, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parse(await textOf(bodyOf(request))));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SluiceError(
    'INVALID_INPUT',
    `${fieldName(issue?.path ?? [])}: ${issue?.message ?? 'not allowed'}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SluiceError('INVALID_INPUT', 'the body is not JSON', { cause: error });
  }
}

async function textOf(body: Readable): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const timer = setTimeout(() => body.destroy(new Error('too slow')), patienceMilliseconds);
  try {
    // By hand: leaving a loop over the body would close the connection, and the refusal could not be sent.
    const incoming = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
    for (let next = await incoming.next(); !next.done; next = await incoming.next()) {
      const piece = next.value;
      bytes += piece.length;
      bytesTogether += piece.length;
      if (bytes > maxJsonBytes)
        throw new SluiceError('TOO_LARGE', `the body has more than ${maxJsonBytes} bytes`);
      if (bytesTogether > maxBytesTogether)
        throw new SluiceError('BUSY', 'too many bodies at a time; try again in a second');
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString();
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw new SluiceError('UPLOAD_ABORTED', 'the body ended before it was complete', { cause: error });
  } finally {
    clearTimeout(timer);
    bytesTogether -= bytes;
  }
}

/** `refs["refs/heads/main"]`, `commits[3]`, `body`. */
function fieldName(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  if (first === undefined) return 'the body';
  return String(first) + rest.map((part) => `[${JSON.stringify(part).slice(0, 100)}]`).join('');
}

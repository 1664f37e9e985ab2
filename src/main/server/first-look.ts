/**
 * Which bytes to ask the store for together with the first look at an object: those that the body will begin with,
 * as far as the request alone tells. Most requests then need one round trip to the store instead of two.
 */
import type { FastifyRequest } from 'fastify';
import { firstLook, type Sizes } from '#main/transfer/place.ts';
import type { ByteRange } from '#shared/range.ts';

/** Fields whose answer may well have no body. */
const conditions = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const;

/** `undefined`: the metadata will do. */
export function firstWanted({ method, headers }: FastifyRequest, sizes: Sizes): ByteRange | undefined {
  if (method !== 'GET' || conditions.some((name) => headers[name] !== undefined)) return undefined;
  if (headers.range === undefined) return firstLook(0, undefined, sizes);
  // Several ranges and suffixes begin somewhere that depends on the length.
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/i.exec(headers.range) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const start = Number(first);
  const end = last === '' ? undefined : Number(last) + 1;
  return end === undefined || end > start ? firstLook(start, end, sizes) : undefined;
}

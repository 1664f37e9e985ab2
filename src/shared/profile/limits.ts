/**
 * What a file may ask of memory. A file is small that says the same thing a hundred million times, and two bytes of it
 * may stand for an object here: what no real profile comes near is refused, so that reading takes at most some 1.5 GB.
 */
import { ProfileError, type FileFormat } from './profile.ts';

const million = 1 << 20;

export const profileLimits = {
  functions: 2 * million,
  locations: 4 * million,
  mappings: million,
  strings: 4 * million,
  samples: 4 * million,
  /** Of all stacks together, and of one. */
  frames: 64 * million,
  stackFrames: 0xffff,
  labels: 4 * million,
  sampleTypes: 64,
  /** Nodes of a tree of calls. */
  nodes: 8 * million,
  /** Of a file of JSON: objects and lists, and values in them. */
  jsonParts: 12 * million,
  jsonValues: 40 * million,
} as const;

/** @throws ProfileError that names the field */
export function requireAtMost(
  limit: keyof typeof profileLimits,
  count: number,
  format: FileFormat | 'unknown',
  field: string,
): void {
  const most = profileLimits[limit];
  if (count > most) throw new ProfileError(format, field, sentence(format, field, most));
}

function sentence(format: FileFormat | 'unknown', field: string, most: number): string {
  const file = format === 'unknown' ? 'profile' : `file (${format})`;
  return `This ${file} has more than ${most} ${field}: that is more than is read here.`;
}

const [quote, backslash, comma, openBracket, openBrace] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];

/** Counts what JSON would become before it does. @throws ProfileError */
export function requireModestJson(bytes: Uint8Array, format: FileFormat): void {
  let [parts, values, isText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isText = !isText;
    else if (byte === backslash) at += 1;
    else if (isText) continue;
    else if (byte === comma) values += 1;
    else if (byte === openBracket || byte === openBrace) parts += 1;
  }
  requireAtMost('jsonParts', parts, format, 'objects and lists');
  requireAtMost('jsonValues', values, format, 'values');
}

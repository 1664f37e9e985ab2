/** Which format a file has: told from its first bytes, whatever its name is. */
import { foreignBinary, foreignJson, foreignText } from './foreign.ts';
import { ProfileError, type FileFormat } from './profile.ts';

/** So much of a file is looked at. */
const lookBytes = 64 * 1024;

/** What can be read, as the end of a sentence about what cannot. */
export const readable =
  'Sluice reads .heapprofile, .heapsnapshot and .cpuprofile of V8, pprof (with gzip or without), and folded stacks';

const text = new TextDecoder();

/**
 * The format of uncompressed bytes; `name` is for the sentence.
 * @throws ProfileError that says what it seems to be, what makes something readable of it, and what is read
 */
export function detectFormat(bytes: Uint8Array, name: string): FileFormat {
  if (bytes.length === 0) throw unknown(name, 'is empty', 'file');
  const start = bytes.subarray(0, lookBytes);
  refuse(foreignBinary(start), name);
  // Text has none of these; profile.proto's first fields always do.
  if (start.subarray(0, 1024).some((byte) => byte < 9 || (byte > 13 && byte < 32))) return 'pprof';
  const beginning = text.decode(start).trimStart();
  if (beginning.startsWith('{') || beginning.startsWith('[')) return jsonFormat(beginning, name);
  refuse(foreignText(beginning), name);
  return 'folded';
}

/** Told by whichever of these keys comes first. */
const jsonKeys: readonly (readonly [key: RegExp, format: FileFormat])[] = [
  [/"snapshot"\s*:\s*\{/, 'heapsnapshot'],
  [/"head"\s*:\s*\{/, 'heapprofile'],
  [/"nodes"\s*:\s*\[/, 'cpuprofile'],
];

function jsonFormat(beginning: string, name: string): FileFormat {
  refuse(foreignJson(beginning), name);
  const found = jsonKeys
    .map(([key, format]) => ({ at: beginning.search(key), format }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  const [first] = found;
  if (first) return first.format;
  // Other fields may come first, and be long.
  const byEnding = (['heapsnapshot', 'heapprofile', 'cpuprofile'] as const).find((format) =>
    name.endsWith(`.${format}`),
  );
  if (byEnding) return byEnding;
  throw unknown(name, 'is JSON that has neither "head", "nodes" nor "snapshot" near its beginning', 'file');
}

/** @throws ProfileError */
function refuse(foreign: ReturnType<typeof foreignText>, name: string): void {
  if (foreign) throw unknown(name, `${foreign.what}; ${foreign.instead}`, 'file');
}

function unknown(name: string, what: string, field: string): ProfileError {
  return new ProfileError('unknown', field, `${name} ${what}. ${readable}.`);
}

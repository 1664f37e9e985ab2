/** Which format a file has: told from its first bytes, whatever its name is. */
import { ProfileError, type FileFormat } from './profile.ts';

/** So much of a file is looked at. */
const lookBytes = 64 * 1024;

const readable =
  'Sluice reads .heapprofile, .heapsnapshot and .cpuprofile of V8, pprof (with gzip or without), and folded stacks';

const text = new TextDecoder();

/** What people have beside profiles, by how it begins, and how to get one of it. */
const others: readonly { readonly begins: RegExp; readonly is: string }[] = [
  {
    begins: /^(?:heap profile: |--- )/,
    is: 'is an old text profile of Go; `go tool pprof -proto -output new.pb.gz FILE` makes pprof of it',
  },
  {
    begins: /^(?:goroutine|threadcreate) profile: total |^goroutine \d+ [^\n]*\[[^\n]*\]:\r?\n/,
    is: 'is a text of Go for people; the same address without `debug=` gives pprof',
  },
  {
    begins: /^PERFILE2/,
    is: 'is data of perf; `perf script -i FILE | stackcollapse-perf.pl` makes folded stacks of it',
  },
  { begins: /^JAVA PROFILE /, is: 'is a heap dump of Java (hprof), not a profile' },
  {
    begins: /^FLR\0/,
    is: 'is a recording of Java Flight Recorder; `jfrconv --collapsed FILE new.folded` of async-profiler makes folded stacks of it',
  },
  {
    begins: /^\x7fELF|^MZ[^]\0|^[\xcf\xce]\xfa\xed\xfe/,
    is: 'is a program, or a dump of one, not a profile of it',
  },
  { begins: /^\x28\xb5\x2f\xfd/, is: 'is packed with zstd; `zstd -d FILE` unpacks it' },
  { begins: /^PK[^\s -~]{2}/, is: 'is a zip archive; unpack it, and open what is in it' },
  {
    begins: /^\x89PNG|^\xff\xd8\xff|^GIF8|^%PDF-|^\s*<(?:svg|\?xml|!doctype|html)/i,
    is: 'is a picture or a page, not a profile',
  },
];

/**
 * The format of uncompressed bytes; `name` is for the sentence.
 * @throws ProfileError that says what it seems to be, and what is read
 */
export function detectFormat(bytes: Uint8Array, name: string): FileFormat {
  if (bytes.length === 0) throw unknown(name, 'is empty', 'file');
  const start = bytes.subarray(0, lookBytes);
  // A character for each byte.
  const signature = String.fromCharCode(...start.subarray(0, 512));
  const other = others.find(({ begins }) => begins.test(signature));
  if (other) throw unknown(name, other.is, 'file');
  // Text has none of these; profile.proto's first fields always do.
  if (start.subarray(0, 1024).some((byte) => byte < 9 || (byte > 13 && byte < 32))) return 'pprof';
  const beginning = text.decode(start).trimStart();
  if (beginning.startsWith('{') || beginning.startsWith('[')) return jsonFormat(beginning, name);
  return 'folded';
}

/** Told by whichever of these keys comes first. */
const jsonKeys: readonly (readonly [key: RegExp, format: FileFormat])[] = [
  [/"snapshot"\s*:\s*\{/, 'heapsnapshot'],
  [/"head"\s*:\s*\{/, 'heapprofile'],
  [/"nodes"\s*:\s*\[/, 'cpuprofile'],
];

function jsonFormat(beginning: string, name: string): FileFormat {
  if (/"traceEvents"\s*:|^\[\s*\{\s*"(?:cat|pid|ph|name)"/.test(beginning)) {
    throw unknown(name, 'is a trace of Chrome, not a profile', 'traceEvents');
  }
  if (beginning.includes('speedscope.app/file-format-schema')) {
    throw unknown(name, "is speedscope's own format", '$schema');
  }
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

function unknown(name: string, what: string, field: string): ProfileError {
  return new ProfileError('unknown', field, `${name} ${what}. ${readable}.`);
}

/** Files of other profilers: what they are, and what makes one of them that is read here. */

interface Foreign {
  /** How it goes on after the file's name: `is …`. */
  readonly what: string;
  /** The command, or the way, to something that can be read. */
  readonly instead: string;
}

const program: Foreign = {
  what: 'is a program or a core dump, not a profile',
  instead: '`go tool pprof` reads profiles with it',
};

const picture: Foreign = { what: 'is a page or a picture', instead: 'open the file that it was made of' };

/** Told by how the bytes begin; a letter of the text is a byte. */
const binary: readonly (readonly [start: string, foreign: Foreign])[] = [
  [
    'PERFILE2',
    {
      what: "is perf's own recording",
      instead: '`perf script -i FILE | stackcollapse-perf.pl > new.folded` makes folded stacks of it',
    },
  ],
  [
    'FLR\0',
    {
      what: 'is a recording of the Java Flight Recorder',
      instead: '`jfrconv -o collapsed FILE new.folded` of async-profiler makes folded stacks of it',
    },
  ],
  [
    'JAVA PROFILE ',
    { what: 'is a heap dump of Java, not a profile', instead: 'async-profiler samples its allocations' },
  ],
  ['\x28\xb5\x2f\xfd', { what: 'is packed by zstd', instead: '`zstd -d FILE` unpacks it' }],
  ['\xfd7zXZ\0', { what: 'is packed by xz', instead: '`xz -d FILE` unpacks it' }],
  ['BZh91AY&SY', { what: 'is packed by bzip2', instead: '`bzip2 -d FILE` unpacks it' }],
  ['PK\x03\x04', { what: 'is a zip archive', instead: 'unpack it, and open the files in it' }],
  ['\x1f\x8b', { what: 'is packed twice by gzip', instead: '`gzip -d` unpacks it once' }],
  ['\x7fELF', program],
  ['MZ\x90\0', program],
  ['\xcf\xfa\xed\xfe', program],
  ['\x89PNG', picture],
  ['\xff\xd8\xff', picture],
  ['GIF89a', picture],
  ['%PDF-', picture],
  [
    'go 1.',
    {
      what: 'is an execution trace of Go',
      instead:
        '`go tool trace -pprof=sched FILE > new.pb.gz` makes a profile of it; net, sync and syscall are others',
    },
  ],
  [
    // A CPU profile of gperftools begins with words: no count, three words of header, version 0.
    `${'\0'.repeat(8)}\x03${'\0'.repeat(15)}`,
    {
      what: 'is a CPU profile of gperftools',
      instead: '`go tool pprof -proto -output new.pb.gz PROGRAM FILE` makes pprof of it',
    },
  ],
];

const oldText: Foreign = {
  what: 'is an old text profile of Go or gperftools',
  instead: '`go tool pprof -proto -output new.pb.gz PROGRAM FILE` makes pprof of it',
};

/** What Go's handlers print for people. */
const printed: Foreign = {
  what: 'is a text of Go for people',
  instead: 'the same address without `debug=` gives a profile',
};

const textual: readonly (readonly [start: RegExp, foreign: Foreign])[] = [
  [/^(?:heap profile:|heap_v2\/|--- )/, oldText],
  [/^\w+ profile: total \d|^goroutine \d+ \[/, printed],
  [
    /^H4sI[A-Za-z0-9+/]/,
    { what: 'is a packed file as base64', instead: '`base64 -d FILE > new.gz` makes the file of it' },
  ],
  [/^(?:<\?xml|<svg|<!DOCTYPE|<html)/i, picture],
  [
    /^(?:# callgrind format|(?:version|creator|positions|events): )/m,
    { what: 'is a profile of callgrind', instead: 'only `callgrind_annotate` and KCachegrind read it' },
  ],
  [/^desc: .*\ncmd: /, { what: 'is a profile of massif', instead: 'only `ms_print` reads it' }],
  [
    /^\S.*\s\d+(?:\/\d+)?\s.*\d+\.\d+:\s.*\n\s+[0-9a-f]+ /,
    {
      what: 'is what `perf script` prints',
      instead: '`stackcollapse-perf.pl FILE > new.folded` makes folded stacks of it',
    },
  ],
];

const json: readonly (readonly [key: RegExp, foreign: Foreign])[] = [
  [
    /"traceEvents"\s*:|^\[\s*\{\s*"(?:args|cat|pid|ph|name|tid|ts)"/,
    {
      what: 'is a trace of Chrome, not a profile',
      instead: '`node --cpu-prof`, and JavaScript Profiler or Memory in the developer tools, make profiles',
    },
  ],
  [
    /speedscope\.app\/file-format-schema/,
    { what: "is speedscope's own format", instead: 'open the file that it was made of' },
  ],
  [/"flamebearer"\s*:/, { what: "is Pyroscope's own format", instead: 'it exports pprof, too' }],
  [
    /"(?:resourceProfiles|resource_profiles)"\s*:/,
    { what: 'is a profile of OpenTelemetry', instead: 'the pprof exporter makes pprof of it' },
  ],
  [
    /"preprocessedProfileVersion"\s*:|"libs"\s*:\s*\[/,
    { what: "is a profile of Firefox's profiler", instead: 'the program that it was taken of has its own' },
  ],
];

/** What bytes that are no text seem to be, or that is packed. */
export function foreignBinary(bytes: Uint8Array): Foreign | undefined {
  const found = binary.find(([start]) => {
    for (let at = 0; at < start.length; at += 1) if (bytes[at] !== start.charCodeAt(at)) return false;
    return true;
  });
  return found?.[1];
}

/** `beginning` without space before it. */
export function foreignText(beginning: string): Foreign | undefined {
  return textual.find(([start]) => start.test(beginning))?.[1];
}

export function foreignJson(beginning: string): Foreign | undefined {
  return json.find(([key]) => key.test(beginning))?.[1];
}

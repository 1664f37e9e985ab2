import { describe, expect, it } from 'vitest';
import { readProfile } from './read.ts';

/** The beginnings of files as their own programs write them; a letter is a byte. */
const beginnings: readonly (readonly [start: string, what: string, instead: string])[] = [
  ['PERFILE2h\0\0\0\0\0\0\0', "is perf's own recording", 'stackcollapse-perf.pl'],
  ['FLR\0\0\x02\0\x01', 'is a recording of the Java Flight Recorder', 'jfrconv'],
  ['JAVA PROFILE 1.0.2\0\0\0\0\x08', 'is a heap dump of Java', 'async-profiler'],
  ['\x28\xb5\x2f\xfd\x04\0', 'is packed by zstd', 'zstd -d'],
  ['\xfd7zXZ\0\0\x04', 'is packed by xz', 'xz -d'],
  ['PK\x03\x04\x14\0', 'is a zip archive', 'unpack it'],
  ['\x7fELF\x02\x01\x01', 'is a program or a core dump', 'go tool pprof'],
  ['go 1.26 trace\0\0\0', 'is an execution trace of Go', 'go tool trace -pprof'],
  [
    `${'\0'.repeat(8)}\x03${'\0'.repeat(15)}\x10\x27`,
    'is a CPU profile of gperftools',
    'go tool pprof -proto',
  ],
  ['heap profile: 3: 4 [5: 6] @ heap/1\n', 'is an old text profile of Go', 'go tool pprof -proto'],
  ['heap_v2/524288\n  t*: 1: 2 [0: 0]\n', 'is an old text profile of Go', 'go tool pprof -proto'],
  ['--- mutex:\ncycles/second=2\n', 'is an old text profile of Go', 'go tool pprof -proto'],
  ['goroutine profile: total 31\n30 @ 0x1 0x2\n', 'is a text of Go for people', 'without `debug=`'],
  ['threadcreate profile: total 6\n', 'is a text of Go for people', 'without `debug=`'],
  ['goroutine 1 [running]:\nmain.main()\n', 'is a text of Go for people', 'without `debug=`'],
  ['MZ\x90\0\x03\0', 'is a program or a core dump', 'go tool pprof'],
  ['\x89PNG\r\n\x1a\n', 'is a page or a picture', 'that it was made of'],
  ['%PDF-1.7\n', 'is a page or a picture', 'that it was made of'],
  ['H4sIAAAAAAAE/7SX\n', 'is a packed file as base64', 'base64 -d'],
  ['<?xml version="1.0"?>\n<svg>', 'is a page or a picture', 'that it was made of'],
  ['# callgrind format\nversion: 1\n', 'is a profile of callgrind', 'KCachegrind'],
  ['desc: (none)\ncmd: ./a\ntime_unit: i\n', 'is a profile of massif', 'ms_print'],
  [
    'node  71 [001]  12.345678:  250000 cpu-clock:\n\tffff81 write_msr+0x4 ([k])\n',
    'is what `perf script` prints',
    'stackcollapse',
  ],
  ['{"metadata":{},\n"traceEvents":[]}', 'is a trace of Chrome', 'node --cpu-prof'],
  ['{"version":1,"flamebearer":{"names":[]}}', "is Pyroscope's own format", 'pprof'],
  ['{"resourceProfiles":[]}', 'is a profile of OpenTelemetry', 'pprof'],
  ['{"meta":{"interval":1},"libs":[],"threads":[]}', "is a profile of Firefox's profiler", 'its own'],
  [
    '{"$schema":"https://www.speedscope.app/file-format-schema.json"}',
    "is speedscope's own format",
    'made of',
  ],
];

describe('a file of another program', () => {
  it.each(beginnings)('%j: the sentence says that it %s, and what to do', async (start, what, instead) => {
    const bytes = Uint8Array.from(start, (letter) => letter.charCodeAt(0));
    const reading = readProfile(bytes, 'it');
    await expect(reading).rejects.toThrow(`it ${what}`);
    await expect(reading).rejects.toThrow(instead);
    await expect(reading).rejects.toMatchObject({ name: 'ProfileError', format: 'unknown' });
  });
});

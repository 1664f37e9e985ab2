/** Files that nobody's profiler wrote: mangled ones, and ones that are small and ask for everything. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { getHeapSnapshot } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { callout } from '#shared/profile/callout.ts';
import { ProfileError } from '#shared/profile/profile.ts';
import { readProfile } from '#shared/profile/read.ts';
import { top } from '#shared/profile/top.ts';
import { callTree } from '#shared/profile/tree.ts';
import { WireWriter } from '#shared/profile/wire-writer.ts';
import { MiB } from '#shared/units.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** What comes of a file: a profile whose views can be drawn, a summary, or a refusal in a sentence. */
async function outcomeOf(bytes: Uint8Array, name: string): Promise<string> {
  try {
    const opened = await readProfile(bytes, name);
    if (opened.kind === 'snapshot') return 'snapshot';
    const { profile } = opened;
    for (const type of profile.sampleTypes.keys()) {
      top(profile, type);
      callTree(profile, type);
      callout(profile, type);
    }
    return 'profile';
  } catch (error) {
    if (error instanceof ProfileError && error.message.endsWith('.')) return 'refused';
    throw error;
  }
}

/** One of each format, as its real producer writes it. */
const real: Record<string, Uint8Array> = {};

beforeAll(async () => {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', { samplingInterval: 2048 });
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const held = Array.from({ length: 20_000 }, (_, index) => ({ text: `number ${index}` }));
  const cpu = await session.post('Profiler.stop');
  const heap = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  if (held.length !== 20_000) throw new Error('what the profile is of has to be held');
  real['now.heapprofile'] = text(JSON.stringify(heap.profile));
  real['now.cpuprofile'] = text(JSON.stringify(cpu.profile));
  real['now.folded'] = text('main;read;decode 12\nmain;read 3\nmain;(anonymous) a.js:3;write 1.5\n');
  real['go.pb'] = gunzipSync(readFileSync(new URL('fixtures/incident.pb.gz', import.meta.url)));
  real['small.heapsnapshot'] = smallSnapshot();
});

/** A real snapshot's form, with a handful of its objects: mangling a hundred megabytes finds nothing more. */
function smallSnapshot(): Uint8Array {
  const types = ['hidden', 'object', 'native', 'string'];
  return text(
    JSON.stringify({
      snapshot: {
        meta: {
          node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'],
          node_types: [types, 'string', 'number', 'number', 'number', 'number'],
          edge_fields: ['type', 'name_or_index', 'to_node'],
          edge_types: [['context', 'element', 'weak'], 'string_or_number', 'node'],
        },
        node_count: 4,
        edge_count: 4,
      },
      nodes: [0, 0, 1, 0, 2, 0, 1, 1, 3, 24, 1, 0, 1, 1, 5, 24, 1, 0, 2, 2, 7, 4096, 0, 0],
      edges: [1, 0, 6, 1, 1, 12, 0, 0, 18, 0, 0, 18],
      strings: ['', 'Chunk', 'system / JSArrayBufferData'],
    }),
  );
}

type Change = (bytes: Uint8Array) => Uint8Array;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(([at, value]): Change => (bytes) => {
    const changed = bytes.slice();
    changed[Math.floor(at * (bytes.length - 1))] = value;
    return changed;
  }),
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, fc.nat(200)).map(([at, length]): Change => (bytes) => {
    const start = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
  }),
  fc.tuple(place, place, fc.nat(400)).map(([from, to, length]): Change => (bytes) => {
    const start = Math.floor(from * bytes.length);
    const part = bytes.subarray(start, start + length);
    const at = Math.floor(to * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  }),
  // Numbers become others of the same length, or far too large.
  fc
    .tuple(place, fc.constantFrom('9', '99999999', '-', '1e99', '0'))
    .map(([at, digits]): Change => (bytes) => {
      const start = Math.floor(at * bytes.length);
      const digit = bytes.subarray(start).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
      const found = digit < 0 ? start : start + digit;
      return Buffer.concat([bytes.subarray(0, found), text(digits), bytes.subarray(found + 1)]);
    }),
);

describe('a mangled file', () => {
  it.each(['now.heapprofile', 'now.cpuprofile', 'now.folded', 'go.pb', 'small.heapsnapshot'])(
    'of %s is read, or refused in a sentence; nothing else happens',
    async (name) => {
      const whole = real[name] ?? new Uint8Array();
      const seen = new Set([await outcomeOf(whole, name)]);
      expect(seen).not.toContain('refused');
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          const mangled = changes.reduce((bytes, apply) => apply(bytes), whole);
          seen.add(await outcomeOf(mangled, name));
        }),
        { numRuns: 2000 },
      );
      expect(seen).toContain('refused');
    },
    120_000,
  );

  it('of a whole snapshot is read, or refused in a sentence', async () => {
    const parts: Buffer[] = [];
    const stream = getHeapSnapshot();
    stream.on('data', (part: Buffer) => parts.push(part));
    await once(stream, 'end');
    const whole = Buffer.concat(parts);
    await fc.assert(
      fc.asyncProperty(change, async (apply) => {
        expect(['snapshot', 'refused']).toContain(await outcomeOf(apply(whole), 'now.heapsnapshot'));
      }),
      { numRuns: 5 },
    );
  }, 120_000);
});

/** Protocol buffers: `field` as a message, again and again. */
function messages(field: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(count * 2);
  for (let at = 0; at < bytes.length; at += 2) bytes[at] = field * 8 + 2;
  return bytes;
}

/** A field with these bytes as its value; lengths take five bytes, whatever they are. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  const length = [0, 7, 14, 21].map((shift) => ((bytes.length >>> shift) & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.of(number * 8 + 2, ...length, bytes.length >>> 28), bytes]);
}

const node = '{"callFrame":{"functionName":"a"},"selfSize":1,"children":[';

/** Each is small as gzip; as objects, and with more of the same up to 200 MiB, they would be gigabytes. */
const bombs: Readonly<Record<string, () => Uint8Array>> = {
  'pprof: five million samples': () => messages(2, 5 * MiB),
  'pprof: five million locations': () => messages(4, 5 * MiB),
  'pprof: five million strings': () => messages(6, 5 * MiB),
  'pprof: five million sample types': () => messages(1, 5 * MiB),
  'pprof: one sample with a stack of 190 million': () => field(2, field(1, Buffer.alloc(190 * MiB, 1))),
  'cpuprofile: 190 million numbers': () => text(`{"nodes":[${'0,'.repeat(95 * MiB)}0]}`),
  'cpuprofile: sixty million objects': () => text(`{"nodes":[${'{},'.repeat(60 * MiB)}{}]}`),
  'cpuprofile: ten million that are wrong': () => text(`{"nodes":[${'0,'.repeat(10 * MiB)}0]}`),
  'cpuprofile: a chain whose every node was looked at': () => chain(40_000),
  'heapprofile: deeper than any stack': () => text(`{"head":${node.repeat(100_000)}${']}'.repeat(100_000)}}`),
  'heapprofile: a hundred million brackets': () => text(`{"head":${'['.repeat(100 * MiB)}`),
  'folded: one stack of 100 million': () => text(`${'a;'.repeat(95 * MiB)}a 1`),
  'folded: only spaces': () => text(`a${' '.repeat(100 * MiB)}b`),
  'heapsnapshot: more objects than bytes': () =>
    Buffer.from(Buffer.from(smallSnapshot()).toString().replace('"node_count":4', '"node_count":4000000000')),
  'heapsnapshot: a node with four thousand million references': () =>
    Buffer.from(Buffer.from(smallSnapshot()).toString().replace('[0,0,1,0,2,', '[0,0,1,0,4294967295,')),
};

/** Each calls the next, and each was seen once: the stacks together are half the square of their number. */
function chain(length: number): Uint8Array {
  const callFrame = { functionName: 'a' };
  const nodes = Array.from({ length }, (_, id) => ({
    id,
    callFrame,
    children: id + 1 < length ? [id + 1] : [],
  }));
  return text(JSON.stringify({ nodes, samples: nodes.map(({ id }) => id), timeDeltas: [] }));
}

describe('a hostile file', () => {
  it.each(Object.keys(bombs))(
    'is refused in a sentence, and takes no gigabytes: %s',
    async (name) => {
      const bytes = bombs[name]?.() ?? new Uint8Array();
      const before = process.memoryUsage();
      expect(await outcomeOf(bytes, 'hostile')).toBe('refused');
      const after = process.memoryUsage();
      expect(after.heapTotal + after.external - before.heapTotal - before.external).toBeLessThan(1500 * MiB);
    },
    60_000,
  );

  it('that is a small gzip of a large one is refused as that', async () => {
    const bomb = gzipSync(messages(2, 5 * MiB), { level: 1 });
    expect(bomb.length).toBeLessThan(MiB / 2);
    expect(await outcomeOf(bomb, 'bomb.pb.gz')).toBe('refused');
  }, 60_000);

  it('does not make its own patterns a trap', async () => {
    const name = `${'a'.repeat(40)}!`;
    const strings = ['', 'space', 'bytes', name, '(a+)+', '(a|aa)*b', 'a*a*a*a*a*a*a*a*a*a*a*a*b'];
    for (const pattern of [4, 5, 6]) {
      const file = new WireWriter();
      const message = (field: number, numbers: Readonly<Record<number, number>>): void => {
        const inside = new WireWriter();
        for (const [key, value] of Object.entries(numbers)) inside.number(Number(key), value);
        file.message(field, inside);
      };
      message(1, { 1: 1, 2: 2 });
      message(2, { 1: 1, 2: 5 });
      const line = new WireWriter();
      line.number(1, 1);
      const location = new WireWriter();
      location.number(1, 1);
      location.message(4, line);
      file.message(4, location);
      message(5, { 1: 1, 2: 3 });
      for (const string of strings) file.string(6, string);
      file.number(7, pattern);
      expect(await outcomeOf(file.bytes(), 'trap.pb')).toBe('profile');
    }
  });
});

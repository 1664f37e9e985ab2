import { Session, type Profiler } from 'node:inspector/promises';
import { once } from 'node:events';
import { getHeapSnapshot } from 'node:v8';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleCount, type Profile } from '#shared/profile/profile.ts';
import { readProfile } from '#shared/profile/read.ts';
import { top } from '#shared/profile/top.ts';
import { MiB } from '#shared/units.ts';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

async function read(bytes: Uint8Array, name: string): Promise<Profile> {
  const opened = await readProfile(bytes, name);
  if (opened.kind !== 'profile') throw new Error(`${name} is no profile`);
  return opened.profile;
}

function holdNumbers(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => ({ index, text: `number ${index}` }));
}

/** Takes so much of the processor's time: on a busy machine the same time of the clock may be next to none of it. */
function burn(milliseconds: number): number {
  const start = process.cpuUsage();
  let sum = 0;
  while (process.cpuUsage(start).user < milliseconds * 1000)
    for (let index = 0; index < 10_000; index += 1) sum += Math.sqrt(index);
  return sum;
}

function lookedAt({ startTime, timeDeltas = [] }: Profiler.Profile): number[] {
  return timeDeltas.map((_, index) =>
    timeDeltas.slice(0, index + 1).reduce((sum, delta) => sum + delta, startTime),
  );
}

/** How long, by the file's own samples, functions of this name ran, and whatever they called. */
function timeIn(name: string, file: Profiler.Profile): number {
  const nodes = new Map(file.nodes.map((node) => [node.id, node]));
  const isIn = new Set<number>();
  const visit = (id: number, isBelow: boolean): void => {
    const node = nodes.get(id);
    const isIt = isBelow || node?.callFrame.functionName === name;
    if (isIt) isIn.add(id);
    for (const child of node?.children ?? []) visit(child, isIt);
  };
  visit(file.nodes[0]?.id ?? 0, false);
  const looks = lookedAt(file)
    .map((at, index) => ({ at, node: file.samples?.[index] ?? 0 }))
    .toSorted((a, b) => a.at - b.at);
  return looks.reduce((sum, { at, node }, index) => {
    const until = looks[index + 1]?.at ?? Math.max(at, file.endTime);
    return isIn.has(node) ? sum + until - at : sum;
  }, 0);
}

class HeldByTheTest {
  readonly bytes = new Uint8Array(4 * MiB);
}

async function snapshot(): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  const stream = getHeapSnapshot();
  stream.on('data', (part: Buffer) => parts.push(part));
  await once(stream, 'end');
  return Buffer.concat(parts);
}

describe('a sampling heap profile of V8', () => {
  it('has the bytes of the function that allocated, as its own tree says', async () => {
    using session = new OpenSession();
    await session.post('HeapProfiler.startSampling', { samplingInterval: 4096 });
    const held = holdNumbers(50_000);
    const { profile: file } = await session.post('HeapProfiler.stopSampling');
    const profile = await read(encode(file), 'now.heapprofile');
    expect(held).toHaveLength(50_000);
    expect(profile.format).toBe('heapprofile');
    expect(profile.sampleTypes[profile.defaultType]).toEqual({ type: 'inuse_space', unit: 'bytes' });
    const bytesBelow = (node: typeof file.head): number =>
      node.selfSize + node.children.reduce((sum, child) => sum + bytesBelow(child), 0);
    const { total, rows } = top(profile, profile.defaultType);
    expect(total).toBe(bytesBelow(file.head));
    expect(rows.find(({ name }) => name === 'holdNumbers')?.cum).toBeGreaterThan(total / 2);
    // A sample is no object: it stands for all that was allocated since the one before.
    expect(profile.sampleTypes[0]).toEqual({ type: 'samples', unit: 'count' });
    const { samples } = file as typeof file & { readonly samples: readonly unknown[] };
    expect(top(profile, 0).total).toBe(samples.length);
  });

  it('has bytes alone where the file has no samples, and what nobody called for', async () => {
    const callFrame = { functionName: '(root)' };
    const profile = await read(encode({ head: { callFrame, selfSize: 5, children: [] } }), 'a.heapprofile');
    expect(profile.sampleTypes.map(({ type }) => type)).toEqual(['inuse_space']);
    expect(top(profile, 0).rows).toMatchObject([{ name: '(root)', flat: 5 }]);
  });
});

describe('a CPU profile of V8', () => {
  it('has all of the time from the first look to the end', async () => {
    using session = new OpenSession();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    burn(200);
    const { profile: file } = await session.post('Profiler.stop');
    const profile = await read(encode(file), 'now.cpuprofile');
    expect(profile.format).toBe('cpuprofile');
    expect(profile.sampleTypes[profile.defaultType]).toEqual({ type: 'cpu', unit: 'microseconds' });
    const samples = top(profile, 0);
    expect(samples.total).toBe(file.samples?.length);
    const { total, rows } = top(profile, 1);
    const [first, last] = [Math.min(...lookedAt(file)), Math.max(...lookedAt(file), file.endTime)];
    expect(total).toBe(last - first);
    const burning = timeIn('burn', file);
    expect(burning).toBeGreaterThan(0);
    expect(rows.find(({ name }) => name === 'burn')?.cum).toBe(burning);
  });

  it('gives each function its time where two looks were written in the wrong order', async () => {
    const frame = (functionName: string) => ({
      functionName,
      url: 'a.js',
      lineNumber: 0,
      columnNumber: 0,
      scriptId: '1',
    });
    const names = ['(root)', 'early', 'swapped', 'late'];
    const nodes = names.map((name, index) => ({
      id: index,
      callFrame: frame(name),
      children: index ? [] : [1, 2, 3],
    }));
    // They were looked at after 10, 30, 20 and 35 us; the profile ends after 40.
    const file = {
      nodes,
      startTime: 100,
      endTime: 140,
      samples: [1, 3, 2, 3],
      timeDeltas: [10, 20, -10, 15],
    };
    const profile = await read(encode(file), 'swapped.cpuprofile');
    const { total, rows } = top(profile, 1);
    expect(total).toBe(30);
    expect(Object.fromEntries(rows.map(({ name, flat }) => [name, flat]))).toEqual({
      early: 10,
      swapped: 10,
      late: 10,
    });
  });

  const nodes = [
    { id: 1, callFrame: { functionName: '(root)' }, children: [2, 3] },
    { id: 2, callFrame: { functionName: 'read' }, hitCount: 7 },
    { id: 3, callFrame: { functionName: 'write' }, hitCount: 2 },
  ];
  const flats = async (file: unknown) => {
    const profile = await read(encode(file), 'a.cpuprofile');
    const rows = top(profile, profile.defaultType).rows.map(({ name, flat }) => [name, flat]);
    return { types: profile.sampleTypes.map(({ type }) => type), flats: Object.fromEntries(rows) };
  };

  it('has no times where the file has none, and counts', async () => {
    const untimed = { nodes, startTime: 0, endTime: 1e6, samples: [2, 2, 2, 3] };
    expect(await flats(untimed)).toEqual({ types: ['samples'], flats: { read: 3, write: 1 } });
    expect(await flats({ nodes })).toEqual({ types: ['samples'], flats: { read: 7, write: 2 } });
    const half = { nodes, samples: [2, 2], timeDeltas: [1] };
    await expect(read(encode(half), 'half.cpuprofile')).rejects.toThrow('1 timeDeltas for 2 samples');
  });

  it('is read as it was written before 2016, and by parents instead of children', async () => {
    const call = (id: number, functionName: string, children: readonly unknown[] = []) => ({
      functionName,
      url: 'a.js',
      lineNumber: 3,
      hitCount: 1,
      id,
      children,
    });
    const head = call(1, '(root)', [call(2, 'read', [call(3, 'write')])]);
    const old = { head, startTime: 1, endTime: 2, samples: [2, 3, 2], timestamps: [1000, 1100, 1500] };
    expect(await flats(old)).toEqual({ types: ['samples', 'cpu'], flats: { read: 100, write: 400 } });
    const wrong = { ...old, timestamps: [1000] };
    await expect(read(encode(wrong), 'old.cpuprofile')).rejects.toThrow('1 timestamps for 3 samples');
    const missing = { head: { ...head, children: [{ id: 2 }] } };
    await expect(read(encode(missing), 'old.cpuprofile')).rejects.toThrow('head.children.0.functionName');
    const byParent = nodes.map(({ id, callFrame, hitCount = 0 }) => ({
      id,
      callFrame,
      hitCount,
      parent: id === 1 ? undefined : 1,
    }));
    expect((await flats({ nodes: byParent })).flats).toEqual({ read: 7, write: 2 });
  });
});

describe('a heap snapshot of V8', () => {
  it('is summed up by constructor: count, own bytes, and what goes with them', async () => {
    const held = Array.from({ length: 3 }, () => new HeldByTheTest());
    const bytes = await snapshot();
    expect(held).toHaveLength(3);
    const shares: number[] = [];
    const opened = await readProfile(bytes, 'now.heapsnapshot', {
      onProgress: (share) => shares.push(share),
    });
    if (opened.kind !== 'snapshot') throw new Error('no snapshot');
    const { objects, references, totalBytes, constructors } = opened.snapshot;
    const file = JSON.parse(Buffer.from(bytes).toString()) as {
      readonly snapshot: { readonly node_count: number; readonly edge_count: number };
      readonly nodes: readonly number[];
    };
    expect([objects, references]).toEqual([file.snapshot.node_count, file.snapshot.edge_count]);
    expect(constructors.reduce((sum, { count }) => sum + count, 0)).toBe(objects);
    expect(constructors.reduce((sum, { selfBytes }) => sum + selfBytes, 0)).toBe(totalBytes);
    const ours = constructors.find(({ name }) => name === 'HeldByTheTest');
    expect(ours?.count).toBe(3);
    expect(ours?.retainedBytes).toBeGreaterThan(12 * MiB);
    expect(ours?.retainedBytes).toBeLessThan(12 * MiB + 10_000);
    for (const { selfBytes, retainedBytes } of constructors) {
      expect(retainedBytes).toBeGreaterThanOrEqual(0);
      expect(retainedBytes).toBeLessThanOrEqual(totalBytes);
      expect(selfBytes).toBeLessThanOrEqual(totalBytes);
    }
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it('ends when whoever waits has had enough', async () => {
    const bytes = await snapshot();
    const abort = new AbortController();
    const reading = readProfile(bytes, 'now.heapsnapshot', {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await expect(reading).rejects.toThrow('enough');
  });

  it('is refused wherever it is cut off, and the field is named', async () => {
    const bytes = await snapshot();
    for (const share of [0.01, 0.2, 0.5, 0.7, 0.9, 0.999]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      await expect(readProfile(cut, 'cut.heapsnapshot')).rejects.toThrow(
        /^This \.heapsnapshot of V8 is not whole: (in (nodes|edges|locations|strings),|snapshot\.(node|edge)_count: )/,
      );
    }
  });
});

describe('a file', () => {
  it('is told by what is in it, with gzip or without, whatever its name is', async () => {
    const folded = new TextEncoder().encode('main;read;decode 12\nmain;read 3\n');
    for (const bytes of [folded, gzipSync(folded)]) {
      const profile = await read(bytes, 'profile.pb.gz');
      expect(profile.format).toBe('folded');
      expect(sampleCount(profile)).toBe(2);
      expect(top(profile, 0)).toMatchObject({
        total: 15,
        rows: [
          { name: 'decode', flat: 12, cum: 12 },
          { name: 'read', flat: 3, cum: 15 },
          { name: 'main', flat: 0, cum: 15 },
        ],
      });
    }
  });

  it.each([
    ['', 'is empty'],
    ['{"traceEvents":[]}', 'is a trace of Chrome'],
    ['{"metadata":{"source":"DevTools"},\n"traceEvents":[]}', 'is a trace of Chrome'],
    ['{"version":1}', 'neither "head", "nodes" nor "snapshot"'],
    ['main;read twelve\n', 'nor folded stacks: line 1 has to be like'],
    ['main;read 1\nmain;read twelve\n', 'Line 2 is no folded stack'],
    [`${'main;read 1 2\n'.repeat(60)}main;read 1\n`, 'with two numbers, as the lines before it have'],
    ['\x7f\x01\0', 'no profile that is read here'],
    ['{"head":{"callFrame":{"functionName":""},"selfSize":"8","children":[]}}', 'head.selfSize'],
    ['{"head":{', 'This .heapprofile of V8 is no whole JSON'],
    ['{"nodes":[{"id":1,"callFrame":{"functionName":"a"}}],"samples":[7]}', 'there is no node 7'],
    ['{"snapshot":{"meta":{},"node_count":1,"edge_count":1},"nodes":[]}', 'snapshot.meta.node_fields'],
    ['\x1f\x8bnot', 'begins as gzip does'],
  ])('%j is refused in a sentence', async (text, sentence) => {
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    await expect(readProfile(bytes, 'file')).rejects.toThrow(sentence);
    await expect(readProfile(bytes, 'file')).rejects.toMatchObject({ name: 'ProfileError' });
  });

  it('is refused when it is larger than 200 MiB, or becomes so', async () => {
    const large = Buffer.alloc(200 * MiB + 1);
    await expect(readProfile(large, 'large')).rejects.toThrow('large is larger than 200 MiB');
    await expect(readProfile(gzipSync(large, { level: 1 }), 'bomb')).rejects.toThrow('unpacked');
  });
});

class OpenSession extends Session implements Disposable {
  constructor() {
    super();
    this.connect();
  }

  [Symbol.dispose](): void {
    this.disconnect();
  }
}

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPprof } from '#shared/profile/pprof.ts';
import { ProfileError, sampleCount } from '#shared/profile/profile.ts';
import { top } from '#shared/profile/top.ts';
import { callTree } from '#shared/profile/tree.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const bytes = gunzipSync(fixture('incident.pb.gz'));
const profile = readPprof(bytes);

/** What `go tool pprof -top` says of a function: flat and cum in units of the type. */
function golden(type: string): ReadonlyMap<string, readonly [flat: number, cum: number]> {
  const lines = fixture(`incident.${type}.txt`).toString().split('\n');
  const rows = lines.flatMap((line) => {
    const match =
      /^\s*(\d+)B?\s+[\d.]+%\s+[\d.]+%\s+(\d+)B?\s+[\d.]+%\s+(.+?)(?: \((?:partial-)?inline\))?$/.exec(line);
    return match ? [[match[3] ?? '', [Number(match[1]), Number(match[2])]] as const] : [];
  });
  return new Map(rows);
}

describe('a heap profile of Go', () => {
  it('has its four types; the one that Go puts first is inuse_space', () => {
    expect(profile.sampleTypes.map(({ type, unit }) => `${type}/${unit}`)).toEqual([
      'alloc_objects/count',
      'alloc_space/bytes',
      'inuse_objects/count',
      'inuse_space/bytes',
    ]);
    expect(profile.sampleTypes[profile.defaultType]?.type).toBe('inuse_space');
  });

  it.each(['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'])(
    '%s: every number is the one that go tool pprof -top prints',
    (type) => {
      const expected = golden(type);
      expect(expected.size).toBeGreaterThan(5);
      const index = profile.sampleTypes.findIndex((each) => each.type === type);
      const { rows, total } = top(profile, index);
      const ours = new Map(rows.map(({ name, flat, cum }) => [name, [flat, cum]] as const));
      expect(ours).toEqual(expected);
      expect(rows.reduce((sum, { flat }) => sum + flat, 0)).toBe(total);
    },
  );

  it('adds up in the tree as it does in the table', () => {
    for (const [type] of profile.sampleTypes.entries()) {
      const tree = callTree(profile, type);
      const { total, rows } = top(profile, type);
      expect(tree.total[0]).toBe(total);
      const selfByName = new Map<string, number>();
      for (let node = 1; node < tree.size; node += 1) {
        const name = tree.names[tree.name[node] ?? 0] ?? '';
        selfByName.set(name, (selfByName.get(name) ?? 0) + (tree.self[node] ?? 0));
        const below = tree.children(node).reduce((sum, child) => sum + (tree.total[child] ?? 0), 0);
        expect((tree.self[node] ?? 0) + below).toBe(tree.total[node]);
      }
      for (const { name, flat } of rows) expect(selfByName.get(name) ?? 0).toBe(flat);
    }
  });
});

describe('a pprof profile that is not whole', () => {
  it('is refused wherever it is cut off, and the field is named', () => {
    const outcomes: unknown[] = [];
    for (let length = 1; length < bytes.length - 1; length += 13) {
      try {
        // Cut between two fields it is a smaller profile.
        outcomes.push(sampleCount(readPprof(bytes.subarray(0, length))));
      } catch (error) {
        outcomes.push(error);
      }
    }
    const errors = outcomes.filter((outcome) => typeof outcome !== 'number');
    expect(errors.length).toBeGreaterThan(20);
    for (const error of errors) {
      expect(error).toBeInstanceOf(ProfileError);
      expect((error as ProfileError).message).toMatch(/pprof profile.*[:(] ?(in )?\w+/);
    }
  });

  it('is refused when it is something else', () => {
    expect(() => readPprof(new TextEncoder().encode('{"nodes":[]}'))).toThrow(ProfileError);
    expect(() => readPprof(new Uint8Array())).toThrow(/no sample_type/);
  });
});

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Capture, CaptureRequest } from '#shared/contract/profiles.ts';
import { keptCaptures } from '#shared/vocabulary/profiles.ts';
import { readProfile } from '#shared/profile/read.ts';
import { Captures } from './captures.ts';
import { snapshotCost } from './snapshot-cost.ts';

const parent = mkdtempSync(join(tmpdir(), 'sluice-captures-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(parent, `folder-${folders}`);
}

const request = (kind: CaptureRequest['kind'], seconds = 1): CaptureRequest => ({
  kind,
  seconds,
  intervalBytes: 32_768,
});

async function ended(captures: Captures, { id }: Capture): Promise<Capture> {
  const now = () => captures.list().find((each) => each.id === id);
  await expect.poll(() => now()?.state, { timeout: 60_000 }).not.toBe('running');
  const capture = now();
  if (!capture) throw new Error(`${id} is gone`);
  return capture;
}

async function bytesOf(captures: Captures, { id }: Capture): Promise<Buffer> {
  const { file } = await captures.open(id);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

describe('a capture', () => {
  it.each(['heap', 'cpu', 'snapshot'] as const)(
    'of the %s is a file that is read here, and private',
    async (kind) => {
      const folder = newFolder();
      await using captures = new Captures(folder, () => ({ ...snapshotCost(), fits: true }));
      const capture = await ended(captures, captures.start(request(kind)));
      expect(capture).toMatchObject({ kind, state: 'ready' });
      const bytes = await bytesOf(captures, capture);
      expect(bytes).toHaveLength(capture.bytes);
      const opened = await readProfile(bytes, capture.name);
      const format = opened.kind === 'profile' ? opened.profile.format : opened.snapshot.format;
      expect(capture.name).toMatch(new RegExp(`^sluice-${kind}-\\d{8}T\\d{6}Z\\.${format}$`));
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
      await captures.remove(capture.id);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('is taken alone, ended when it is removed, and leaves nothing behind', async () => {
    const folder = newFolder();
    const captures = new Captures(folder);
    const long = captures.start(request('heap', 300));
    expect(long.endsAt).toBe(long.startedAt + 300_000);
    expect(() => captures.start(request('cpu'))).toThrow('a profile (heap) is being taken');
    await expect(captures.open(long.id)).rejects.toThrow('it is running');
    expect(await captures.remove(long.id)).toBe(true);
    expect(await captures.remove(long.id)).toBe(false);
    await expect(captures.open(long.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    captures.start(request('cpu', 300));
    await captures[Symbol.asyncDispose]();
    expect(existsSync(folder)).toBe(false);
  });

  it('of every object is refused where it would not fit into memory', async () => {
    await using captures = new Captures(newFolder(), () => snapshotCost(100_000_000, 1_000_000_000));
    expect(captures.estimate()).toMatchObject({ fits: false, memoryBytes: 2_000_000_000 });
    expect(() => captures.start(request('snapshot'))).toThrow(
      'a heap snapshot may take 1.86 GiB and 954 MiB are left: sample the heap instead',
    );
    expect(captures.list()).toEqual([]);
  });

  it('goes when enough newer ones are there', async () => {
    const taken: Capture[] = [];
    // A failed one is kept as a good one is.
    await using blocked = new Captures('/dev/null/nowhere');
    for (let index = 0; index <= keptCaptures; index += 1)
      taken.push(await ended(blocked, blocked.start(request('heap'))));
    expect(blocked.list().map(({ id }) => id)).toEqual(
      taken
        .slice(1)
        .map(({ id }) => id)
        .toReversed(),
    );
    expect(blocked.list()[0]).toMatchObject({ state: 'failed', bytes: 0 });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectPlaceOf, placeOf } from './chunk-paths.ts';
import { type KnownObject, KnownObjects } from './known-objects.ts';

let folder: string;
let troubles: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-known-'));
  troubles = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const open = (pinLimitBytes = 100): Promise<KnownObjects> =>
  KnownObjects.open({
    file: join(folder, 'known.json'),
    pinLimitBytes,
    onTrouble: (message) => troubles.push(message),
  });
const revision = (key: string, pin = '1', length = 40) => ({ key, pin, length });

function known(objects: KnownObjects, name: string): KnownObject {
  const found = objects.named(name);
  if (!found) throw new Error(`${name} is not known`);
  return found;
}

describe('the objects that are known', () => {
  it('have names, for their keys and for their places on disk', async () => {
    await using objects = await open();
    objects.used(revision('k/a'), 'ns/a');
    expect(objects.nameOf('k/a')).toBe('ns/a');
    expect(objects.nameAt(placeOf(revision('k/a')))).toBe('ns/a');
    expect(objects.nameAt(objectPlaceOf('k/a'))).toBe('ns/a');
    expect(objects.nameOf('k/other')).toBe('k/other');
    expect(objects.knowsPlace(objectPlaceOf('k/other'))).toBe(false);
  });

  it('survive a restart with their pins, and a file that is none', async () => {
    {
      await using objects = await open();
      objects.used(revision('k/a'), 'ns/a');
      objects.used(revision('k/b'), 'ns/b');
      await objects.pin(known(objects, 'ns/a'));
    }
    {
      await using objects = await open();
      expect([...objects].map(({ name, isPinned }) => [name, isPinned])).toContainEqual(['ns/a', true]);
      expect(objects.isKept(revision('k/a'))).toBe(true);
      expect(objects.isKeptAt(placeOf(revision('k/a')))).toBe(true);
      expect(objects.isKept(revision('k/b'))).toBe(false);
    }
    await writeFile(join(folder, 'known.json'), '{');
    await using objects = await open();
    expect([...objects]).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('keep no pin that would be too much, now or after a restart with less room', async () => {
    {
      await using objects = await open(100);
      for (const name of ['a', 'b', 'c']) objects.used(revision(`k/${name}`), name);
      await objects.pin(known(objects, 'a'));
      await objects.pin(known(objects, 'a'));
      await objects.pin(known(objects, 'b'));
      await expect(objects.pin(known(objects, 'c'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      expect(objects.pins).toEqual({ limitBytes: 100, bytes: 80, count: 2 });
      await objects.unpin(known(objects, 'b'));
      await objects.pin(known(objects, 'c'));
    }
    await using objects = await open(50);
    expect(objects.pins).toMatchObject({ bytes: 40, count: 1 });
  });

  it('hand a pin on to the next revision where that fits, and end it where it does not', async () => {
    await using objects = await open(100);
    objects.used(revision('k/a'), 'a');
    await objects.pin(known(objects, 'a'));
    objects.used(revision('k/a', '2', 90), 'a');
    expect(objects.isKept(revision('k/a', '2', 90))).toBe(true);
    expect(objects.isKept(revision('k/a'))).toBe(false);
    expect(objects.pins).toMatchObject({ bytes: 90, count: 1 });
    objects.used(revision('k/a', '3', 101), 'a');
    expect(objects.pins).toMatchObject({ bytes: 0, count: 0 });
    expect(troubles).toEqual(['a pinned object has grown too long to stay pinned']);
  });

  it('lose their pins with the object', async () => {
    await using objects = await open();
    objects.used(revision('k/a'), 'a');
    await objects.pin(known(objects, 'a'));
    objects.deleted('k/a');
    expect(objects.pins.count).toBe(0);
  });
});

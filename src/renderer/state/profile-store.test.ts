import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from '#shared/profile/builder.ts';
import { nameKey } from '#shared/profile/node-path.ts';
import { toPprof } from '#shared/profile/pprof-writer.ts';
import { maxProfileBytes } from '#shared/profile/profile.ts';
import { top } from '#shared/profile/top.ts';
import { ProfileDesk } from './profile-desk.ts';
import { maxOpened, maxTableRows, type ToWorker } from './profile-questions.ts';
import { ProfileStore, type StartWorker } from './profile-store.ts';

/** Workers of this thread: the real desk, and messages that are cloned and come later, as between threads. */
class Workers {
  running = 0;
  /** Messages that no worker has been given yet, while `isHeld`. */
  readonly held: (() => void)[] = [];
  isHeld = false;

  /** What makes each die by itself, in the order of their starts. */
  readonly kill: (() => void)[] = [];

  readonly start: StartWorker = (hear, stopped) => {
    this.running += 1;
    let isEnded = false;
    this.kill.push(stopped);
    const desk = new ProfileDesk((message, transfer) => {
      const copy = structuredClone(message, { transfer });
      queueMicrotask(() => {
        if (!isEnded) hear(copy);
      });
    });
    return {
      post: (message: ToWorker) => {
        const give = (): void => {
          if (!isEnded) desk.take(message);
        };
        if (this.isHeld) this.held.push(give);
        else queueMicrotask(give);
      },
      end: () => {
        if (!isEnded) this.running -= 1;
        isEnded = true;
      },
    };
  };
}

const types = [
  { type: 'alloc_space', unit: 'bytes' },
  { type: 'inuse_space', unit: 'bytes' },
] as const;

function profileOf(kept: number) {
  const builder = new ProfileBuilder('pprof', [...types]);
  const [get, index, main] = ['store.(*S3).get', 'main.index', 'main.main'].map((name) =>
    builder.function(name, `${name}.go`),
  );
  builder.add([get ?? 0, main ?? 0], [1000, kept], new Map([['client', '10.1.4.7']]));
  builder.add([index ?? 0, main ?? 0], [500, 14]);
  return builder.build({ defaultType: 1 });
}

const fileOf = (name: string, kept: number): File =>
  new File([new Uint8Array(toPprof(profileOf(kept)))], name);

async function opened(store: ProfileStore, ...files: readonly File[]): Promise<void> {
  const wanted = store.profiles.length + files.length;
  for (const file of files) store.openFile(file);
  await expect.poll(() => store.profiles).toHaveLength(wanted);
}

const looking = (store: ProfileStore, at = 0) => ({
  id: store.profiles[at]?.id ?? '',
  type: 'inuse_space',
  labels: [],
});
const drawing = { zoom: [], search: '', leastShare: 0 };

describe('the profiles that are open', () => {
  it('are read, and answer as the analyses do', async () => {
    const workers = new Workers();
    const store = new ProfileStore(workers.start);
    const heard: string[] = [];
    store.onOpened(({ name }) => heard.push(name));
    await opened(store, fileOf('a.pb', 86));
    expect(heard).toEqual(['a.pb']);
    expect(store.openings).toEqual([]);
    expect(store.profiles[0]).toMatchObject({
      name: 'a.pb',
      format: 'pprof',
      sampleTypes: types,
      defaultType: 1,
      samples: 2,
      functions: 3,
      hasLabels: true,
    });
    expect(store.held.usedBytes).toBeGreaterThan(100);
    expect(store.footprint.usedBytes).toBeLessThanOrEqual(store.footprint.limitBytes);
    // Only what keeps them is left.
    expect(workers.running).toBe(1);

    const overview = await store.ask('overview', looking(store));
    expect(overview).toMatchObject({ whole: 100, wanted: 100 });
    expect(overview.callout?.sentence).toBe('(*S3).get holds 86 % of inuse_space, 86 B');
    const page = await store.ask('top', { ...looking(store), column: 'flat', direction: -1, search: '' });
    expect(page.rows.map(({ name, flat, cum, file }) => ({ name, flat, cum, file }))).toEqual(
      top(profileOf(86), 1).rows,
    );
    expect(page.rows.map(({ sumShare }) => sumShare)).toEqual([0.86, 1, 1]);
    const found = await store.ask('top', {
      ...looking(store),
      column: 'function',
      direction: 1,
      search: 'MAIN',
    });
    expect(found).toMatchObject({ matching: 2, all: 3 });
    expect(found.rows.map(({ name }) => name)).toEqual(['main.index', 'main.main']);

    const whole = await store.ask('icicle', { ...looking(store), ...drawing, search: 'index' });
    expect([...whole.total]).toEqual([100, 100, 86, 14]);
    expect(whole.names).toEqual(['', 'main.main', 'store.(*S3).get', 'main.index']);
    expect(whole.matched).toBe(14);
    const zoomed = await store.ask('icicle', {
      ...looking(store),
      ...drawing,
      zoom: ['main.main', 'main.index'].map(nameKey),
    });
    expect(zoomed.crumbs.map(({ name }) => name)).toEqual(['main.main', 'main.index']);
    expect([...zoomed.total]).toEqual([14]);
    expect(zoomed.whole).toBe(100);

    const sandwich = await store.ask('sandwich', { ...looking(store), name: 'main.main' });
    expect(sandwich).toMatchObject({ flat: 0, cum: 100, callers: [], callersLeftOut: 0, calleesLeftOut: 0 });
    expect(sandwich?.callees.map(({ value }) => value)).toEqual([86, 14]);
    const labels = await store.ask('labels', { id: looking(store).id, type: 'inuse_space' });
    expect(labels).toEqual({
      keys: [{ key: 'client', values: [{ value: '10.1.4.7', total: 86 }] }],
      leftOut: 0,
    });
    const only = await store.ask('overview', { ...looking(store), labels: [['client', '10.1.4.7']] });
    expect(only).toMatchObject({ whole: 100, wanted: 86 });
  });

  it('are compared, as they are and as shares', async () => {
    const store = new ProfileStore(new Workers().start);
    await opened(store, fileOf('a.pb', 86), fileOf('b.pb', 186));
    const [before = '', after = ''] = store.profiles.map(({ id }) => id);
    const pairing = { before, after, type: 'inuse_space', mode: 'absolute' } as const;
    const listing = { column: 'delta', direction: -1, search: '' } as const;
    const page = await store.ask('changes', { ...pairing, ...listing });
    expect(page).toMatchObject({ totalBefore: 100, totalAfter: 200 });
    expect(page.rows[0]).toMatchObject({
      name: 'store.(*S3).get',
      before: 86,
      after: 186,
      delta: 100,
      presence: 'both',
    });
    const shares = await store.ask('changes', { ...pairing, ...listing, mode: 'share' });
    expect(shares.rows[0]?.delta).toBeCloseTo(0.07, 10);
    expect(shares.rows.find(({ name }) => name === 'main.index')?.delta).toBeCloseTo(-0.07, 10);
    const around = await store.ask('changeSandwich', { ...pairing, name: 'main.main' });
    expect(around).toMatchObject({
      before: { flat: 0, cum: 100 },
      after: { flat: 0, cum: 200 },
      callers: [],
      callees: [
        { name: 'store.(*S3).get', before: 86, after: 186, presence: 'both' },
        { name: 'main.index', before: 14, after: 14, presence: 'both' },
      ],
      callersLeftOut: 0,
      calleesLeftOut: 0,
    });
    const inShare = await store.ask('changeSandwich', { ...pairing, mode: 'share', name: 'main.index' });
    expect([inShare?.before.cum, inShare?.after.cum]).toEqual([0.14, 0.07]);
    expect(await store.ask('changeSandwich', { ...pairing, name: 'nowhere' })).toBeUndefined();
    const picture = await store.ask('changeIcicle', { ...pairing, ...drawing });
    expect([picture.kept[0], picture.added[0], picture.removed[0]]).toEqual([100, 100, 0]);
    const inShares = await store.ask('changeIcicle', { ...pairing, ...drawing, mode: 'share' });
    expect(inShares.added[0]).toBeCloseTo(0.07, 10);
    expect(inShares.removed[0]).toBeCloseTo(0.07, 10);
    await expect(store.ask('changes', { ...pairing, ...listing, type: 'cpu' })).rejects.toThrow(
      'There is no cpu in both.',
    );
  });

  it('send a table that ends, and count the rest', async () => {
    const builder = new ProfileBuilder('pprof', [{ type: 'samples', unit: 'count' }]);
    for (let at = 0; at < maxTableRows + 10; at += 1) builder.add([builder.function(`f${at}`)], [at + 1]);
    const store = new ProfileStore(new Workers().start);
    await opened(store, new File([new Uint8Array(toPprof(builder.build()))], 'many.pb'));
    const page = await store.ask('top', { ...looking(store), column: 'flat', direction: -1, search: '' });
    expect(page.rows).toHaveLength(maxTableRows);
    expect(page.matching).toBe(maxTableRows + 10);
    expect(page.rows[0]?.flat).toBe(maxTableRows + 10);
  });

  it('are one when they have the same content, and are freed when they are closed', async () => {
    const workers = new Workers();
    const store = new ProfileStore(workers.start);
    await opened(store, fileOf('a.pb', 86));
    store.openFile(fileOf('again.pb', 86));
    await expect.poll(() => store.profiles.map(({ name }) => name)).toEqual(['again.pb']);
    await opened(store, fileOf('b.pb', 1));
    const [first] = store.profiles;
    store.close(first?.id ?? '');
    await expect(store.ask('overview', { id: first?.id ?? '', type: '', labels: [] })).rejects.toThrow(
      'not open any more',
    );
    expect(workers.running).toBe(1);
    store.close(store.profiles[0]?.id ?? '');
    expect(workers.running).toBe(0);
    expect(store.held.usedBytes).toBe(0);
  });
});

describe('a file', () => {
  it('that is not what it seems says which format and which field', async () => {
    const store = new ProfileStore(new Workers().start);
    store.openFile(new File(['{"head": {"callFrame": 1}}'], 'bad.heapprofile'));
    await expect.poll(() => store.openings[0]?.state).toBe('failed');
    const [{ failure, number } = {}] = store.openings;
    expect(failure).toMatchObject({ format: 'heapprofile' });
    expect(failure?.field).toContain('head');
    expect(failure?.sentence).toContain('head');
    expect(store.profiles).toEqual([]);
    store.cancel(number ?? 0);
    expect(store.openings).toEqual([]);
  });

  it('that is too large is refused before anything reads it', () => {
    const workers = new Workers();
    const store = new ProfileStore(workers.start);
    const file = fileOf('huge.pb', 1);
    Object.defineProperty(file, 'size', { value: maxProfileBytes + 1 });
    store.openFile(file);
    expect(store.openings).toMatchObject([
      { state: 'failed', failure: { sentence: 'huge.pb has 200 MiB: up to 200 MiB are read here.' } },
    ]);
    expect(workers.running).toBe(0);
  });

  it('that is called off ends its reader, and the next one is read', async () => {
    const workers = new Workers();
    const store = new ProfileStore(workers.start);
    workers.isHeld = true;
    store.openFile(fileOf('first.pb', 1));
    store.openFile(fileOf('second.pb', 2));
    expect(store.openings.map(({ state }) => state)).toEqual(['reading', 'waiting']);
    expect(workers.running).toBe(2);
    store.cancel(store.openings[0]?.number ?? 0);
    expect(store.openings).toMatchObject([{ name: 'second.pb', state: 'reading' }]);
    workers.isHeld = false;
    for (const give of workers.held) give();
    await expect.poll(() => store.profiles.map(({ name }) => name)).toEqual(['second.pb']);
    expect(workers.running).toBe(1);
  });

  it('in memory stays the caller’s', async () => {
    const store = new ProfileStore(new Workers().start);
    const bytes = toPprof(profileOf(5));
    store.openBytes('capture.pb', bytes);
    await expect.poll(() => store.profiles[0]?.name).toBe('capture.pb');
    expect(bytes).toEqual(toPprof(profileOf(5)));
  });

  it('whose worker dies says so, and so does what keeps them', async () => {
    const workers = new Workers();
    const store = new ProfileStore(workers.start);
    await opened(store, fileOf('a.pb', 1));
    workers.isHeld = true;
    store.openFile(fileOf('b.pb', 2));
    workers.kill.at(-1)?.();
    expect(store.openings).toMatchObject([{ name: 'b.pb', state: 'failed' }]);
    expect(store.openings[0]?.failure?.sentence).toContain('more memory');
    const asking = store.ask('overview', looking(store));
    // A reader was started first.
    workers.kill[1]?.();
    await expect(asking).rejects.toThrow('more memory');
    expect(store.profiles).toEqual([]);
  });

  it('more than may be open is refused', async () => {
    const store = new ProfileStore(new Workers().start);
    const files = Array.from({ length: maxOpened + 1 }, (_, at) => fileOf(`${at}.pb`, at + 1));
    for (const file of files) store.openFile(file);
    expect(store.openings.at(-1)?.failure?.sentence).toBe(
      '8 profiles can be open at a time: close one, and open 8.pb again.',
    );
    await expect.poll(() => store.profiles).toHaveLength(maxOpened);
  });
});

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { openSettings } from '#main/config/settings-source.ts';
import type { ConfigSources } from '#main/config/load.ts';
import type { Config, SettingName } from '#shared/config.ts';
import { GiB } from '#shared/units.ts';
import type { ConsoleContext } from './context.ts';
import { createConsoleRouter } from './router.ts';
import { ConsoleSettings } from './settings.ts';
import { unaskedSources } from './sources.fixture.ts';

interface Opened extends AsyncDisposable {
  readonly client: ReturnType<typeof clientOf>;
  readonly file: string;
  /** What was put into force, the newest last. */
  readonly applied: Config[];
  state(name: SettingName): Promise<unknown>;
}

function clientOf(settings: ConsoleSettings, context: ConsoleContext) {
  const router = createConsoleRouter({ ...unaskedSources, settings });
  return createRouterClient(router, { context });
}

async function openConsole(
  sources: Partial<ConfigSources> = {},
  context: Partial<ConsoleContext> = {},
): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-settings-'));
  const applied: Config[] = [];
  const { flags, ...rest } = sources;
  const source = openSettings({
    flags: { dataDir: folder, ...flags },
    env: {},
    memoryBytes: () => GiB,
    ...rest,
  });
  const settings = new ConsoleSettings(source, (config) => applied.push(config));
  const client = clientOf(settings, { role: 'operator', ...context });
  return {
    client,
    file: join(folder, 'settings.json'),
    applied,
    state: async (name) => (await client.settings.get()).settings.find((each) => each.name === name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ORPCError)) throw new Error('it was not refused');
  return `${error.code}: ${error.message}`;
}

describe('the settings of the console', () => {
  it('say what is in force, and where it came from', async () => {
    await using console = await openConsole({ env: { SLUICE_WINDOW: '4' } });
    expect(await console.state('window')).toEqual({
      name: 'window',
      value: '4',
      provenance: 'environment',
      origin: 'SLUICE_WINDOW',
      fallback: '8',
    });
    expect(await console.state('memoryBudgetBytes')).toMatchObject({
      value: '256MiB',
      provenance: 'default',
      fallback: '256MiB',
    });
  });

  it('are kept for the next start, and the window is in force at once', async () => {
    await using console = await openConsole();
    const changes = { window: '3', chunkBytes: '1MiB', repositories: 'https://github.com/block/*' };
    await console.client.settings.save({ changes });
    expect(console.applied.at(-1)?.window).toBe(3);
    expect(await console.state('window')).toMatchObject({ value: '3', provenance: 'saved', saved: '3' });
    expect(await console.state('chunkBytes')).toMatchObject({
      value: '8MiB',
      provenance: 'default',
      saved: '1MiB',
      next: '1MiB',
    });
    expect(JSON.parse(await readFile(console.file, 'utf8'))).toEqual(changes);
    expect((await stat(console.file)).mode & 0o777).toBe(0o600);
    const next = openSettings({ flags: { dataDir: join(console.file, '..') }, env: {} }).loaded;
    expect(next.config).toMatchObject({ window: 3, chunkBytes: 2 ** 20 });
    await console.client.settings.save({ changes: { window: null } });
    expect(await console.state('window')).toMatchObject({ value: '8', provenance: 'default' });
  });

  it('stay what a flag says, whatever is saved', async () => {
    await using console = await openConsole({ flags: { window: '2' } });
    await console.client.settings.save({ changes: { window: '9' } });
    expect(await console.state('window')).toMatchObject({
      value: '2',
      provenance: 'flag',
      origin: '--window',
      saved: '9',
    });
    expect(console.applied.at(-1)?.window).toBe(2);
  });

  it('are refused in a sentence, all or none', async () => {
    await using console = await openConsole();
    const { settings } = console.client;
    expect(await refusalOf(settings.save({ changes: { window: '5', port: 'http' } }))).toBe(
      'INVALID_INPUT: port "http": allowed is a whole number from 0 to 65535',
    );
    expect(await refusalOf(settings.save({ changes: { memoryBudgetBytes: '32MiB' } }))).toMatch(
      /has room for \d of the 4 chunks of 8MiB .* allowed is \d+MiB/,
    );
    expect(await refusalOf(settings.save({ changes: { dataDir: '/elsewhere' } }))).toMatch(/--data-dir/);
    expect(await console.state('window')).toMatchObject({ value: '8', provenance: 'default' });
  });

  it('are saved one after another: no change is lost', async () => {
    await using console = await openConsole();
    const { settings } = console.client;
    await Promise.all([
      settings.save({ changes: { window: '3' } }),
      settings.save({ changes: { port: '1' } }),
      settings.save({ changes: { demo: 'false' } }),
    ]);
    const saved: unknown = JSON.parse(await readFile(console.file, 'utf8'));
    expect(saved).toEqual({ window: '3', port: '1', demo: 'false' });
  });

  it('are for operators to change, and only the desktop starts itself again', async () => {
    await using console = await openConsole({}, { role: 'viewer' });
    expect(await refusalOf(console.client.settings.save({ changes: {} }))).toMatch(/^FORBIDDEN/);
    expect(await refusalOf(console.client.settings.restart())).toMatch(/operator role/);
    await using operator = await openConsole();
    expect(await refusalOf(operator.client.settings.restart())).toMatch(/restart sluice serve/);
  });
});

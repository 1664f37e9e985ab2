import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings, type SettingName } from '#shared/config.ts';
import { isSluiceError } from '#shared/errors.ts';
import { GiB, MiB } from '#shared/units.ts';
import { loadConfig, type ConfigSources } from './load.ts';

const load = (sources: Partial<ConfigSources>) => {
  const loaded = loadConfig({ flags: {}, env: {}, memoryBytes: () => GiB, saved: {}, ...sources });
  const provenance = Object.fromEntries(
    Object.entries(loaded.origins).map(([name, origin]) => [name, origin.provenance]),
  );
  return { ...loaded, provenance };
};
const file = (content: unknown) => ({
  flags: { config: '/etc/sluice.json' },
  readFile: () => (typeof content === 'string' ? content : JSON.stringify(content)),
});

function refusal(sources: Partial<ConfigSources>): string {
  try {
    load(sources);
  } catch (error) {
    if (isSluiceError(error, 'INVALID_INPUT')) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('loadConfig', () => {
  it('has a default for every setting', () => {
    const { config, provenance } = load({});
    expect({ ...config, dataDir: '' }).toEqual({
      host: '127.0.0.1',
      port: 7420,
      requireToken: false,
      publicUrl: undefined,
      basePath: '',
      allowHosts: [],
      trustedProxies: ['127.0.0.0/8', '::1'],
      dataDir: '',
      store: 'embedded',
      s3Endpoint: undefined,
      s3Region: undefined,
      s3PathStyle: false,
      memoryBudgetBytes: 256 * MiB,
      chunkBytes: 8 * MiB,
      window: 8,
      maxConnections: 64,
      memoryCacheBytes: 256 * MiB,
      diskCacheBytes: 10 * GiB,
      repositories: [],
      upstreamTokenFile: undefined,
      fetchIntervalMs: 15 * 60_000,
      snapshotIntervalMs: 3_600_000,
      recordMinutes: 15,
      recordBytes: 64 * MiB,
      savedRecordingsBytes: GiB,
      alertWebhook: undefined,
      alertWebhookSecretFile: undefined,
      demo: true,
      tray: false,
    });
    expect(config.dataDir).toMatch(/^\/.*sluice$/);
    expect(new Set(Object.values(provenance))).toEqual(new Set(['default']));
    expect(Object.keys(config).sort()).toEqual(Object.keys(settings).sort());
  });

  it('prefers flags to environment to file to defaults, and says which', () => {
    const { config, provenance } = load({
      ...file({ port: 1, window: 2, chunkBytes: '1MiB', demo: false }),
      env: { SLUICE_PORT: '3', SLUICE_WINDOW: '4' },
      flags: { config: '/etc/sluice.json', port: '5' },
    });
    expect(config).toMatchObject({ port: 5, window: 4, chunkBytes: MiB, demo: false, host: '127.0.0.1' });
    expect(provenance).toMatchObject({
      port: 'flag',
      window: 'environment',
      chunkBytes: 'file',
      demo: 'file',
      host: 'default',
    });
  });

  it('reads the file that SLUICE_CONFIG names, and paths in it from where it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
    try {
      writeFileSync(join(folder, 'sluice.json'), '{"dataDir":"data","memoryBudgetBytes":134217728}');
      const { config } = load({ env: { SLUICE_CONFIG: join(folder, 'sluice.json') } });
      expect(config).toMatchObject({ dataDir: join(folder, 'data'), memoryBudgetBytes: 128 * MiB });
      expect(config.memoryCacheBytes).toBe(128 * MiB);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes what the console has saved before a default, and nothing else after it', () => {
    const saved = { window: '3', port: '1', chunkBytes: '1MiB', demo: 'false' };
    const { config, origins } = load({
      saved,
      ...file({ port: 2 }),
      env: { SLUICE_CHUNK_SIZE: '2MiB' },
    });
    expect(config).toMatchObject({ window: 3, port: 2, chunkBytes: 2 * MiB, demo: false });
    expect(origins).toMatchObject({
      window: { provenance: 'saved', name: expect.stringMatching(/^window in .*settings\.json$/) },
      port: { provenance: 'file', name: 'port in /etc/sluice.json' },
      chunkBytes: { provenance: 'environment', name: 'SLUICE_CHUNK_SIZE' },
      host: { provenance: 'default', name: '--host' },
    });
  });

  it('reads what was saved from the data folder, and says where it is when it is broken', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-saved-'));
    const path = join(folder, 'settings.json');
    const sources: ConfigSources = { flags: { dataDir: folder }, env: {}, memoryBytes: () => GiB };
    try {
      expect(loadConfig(sources).config.window).toBe(8);
      writeFileSync(path, '{"window":"3"}');
      expect(loadConfig(sources).config.window).toBe(3);
      const broken = {
        '{': 'is not JSON',
        '[]': 'is not a JSON object',
        '{"dataDir":"/x"}': 'is not a setting',
      };
      for (const [text, why] of Object.entries(broken)) {
        writeFileSync(path, text);
        expect(() => loadConfig(sources)).toThrow(why);
        expect(() => loadConfig(sources)).toThrow(path);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes a quarter of the memory that there is for the budget, unless one was given', () => {
    const memoryBytes = () => 1000 * MiB;
    const { config, provenance } = load({ memoryBytes });
    expect(config).toMatchObject({ memoryBudgetBytes: 250 * MiB, memoryCacheBytes: 250 * MiB });
    expect(provenance.memoryBudgetBytes).toBe('default');
    const given = load({ memoryBytes, flags: { memoryBudgetBytes: '1GiB' } });
    expect(given.config.memoryBudgetBytes).toBe(GiB);
    expect(given.provenance.memoryBudgetBytes).toBe('flag');
  });

  it('takes an empty environment variable for one that is not set', () => {
    expect(load({ env: { SLUICE_PORT: '', SLUICE_CONFIG: '' } }).provenance.port).toBe('default');
  });

  it('reads booleans from each source', () => {
    expect(load({ env: { SLUICE_DEMO: 'false', SLUICE_S3_PATH_STYLE: 'true' } }).config).toMatchObject({
      demo: false,
      s3PathStyle: true,
    });
    expect(load({ flags: { demo: false } }).config.demo).toBe(false);
  });

  const badValues: Readonly<Partial<Record<SettingName, readonly string[]>>> = {
    host: ['', '-h', 'a b'],
    port: ['', 'abc', '-1', '65536', '1.5', '0x10', '1e3', 'Infinity'],
    dataDir: [''],
    store: ['', 's3:/bucket', 's3://B', 'file://relative', 'ftp://x'],
    s3Endpoint: ['', 'localhost:9000', 'ftp://x'],
    s3Region: ['', 'EU central'],
    s3PathStyle: ['yes'],
    memoryBudgetBytes: ['', '31MiB', '65GiB', 'lots'],
    chunkBytes: ['128KiB', '65MiB', '300KiB', '1000000'],
    window: ['0', '65', '2.5'],
    maxConnections: ['1', '257', '2.5'],
    memoryCacheBytes: ['-1', 'none'],
    diskCacheBytes: ['65TiB', '-1'],
    repositories: [
      'github.com/block',
      'https://github.com',
      'https://a/b https://a',
      'https://a/*=file:///x',
    ],
    upstreamTokenFile: [''],
    fetchIntervalMs: ['', '9s', '8d', '15', '-1m', 'often'],
    snapshotIntervalMs: ['59s', '31d', '1 h'],
    recordMinutes: ['-1', '1441', '1.5'],
    recordBytes: ['7MiB', '65GiB', 'much'],
    savedRecordingsBytes: ['-1', '2TiB'],
    alertWebhook: ['ftp://host', 'host'],
    alertWebhookSecretFile: [''],
    demo: ['no'],
    tray: ['maybe'],
  };

  it.each(
    Object.entries(badValues).flatMap(([name, values]) =>
      values.map((value) => ({ name: name as SettingName, value })),
    ),
  )('refuses $name $value from a flag and from a file, in one line each', ({ name, value }) => {
    const setting = settings[name];
    const rest = `${JSON.stringify(value)}: allowed is ${setting.allowed}`;
    expect(refusal({ flags: { [name]: value } })).toBe(`--${setting.flag} ${rest}`);
    expect(refusal(file({ [name]: value }))).toBe(`${name} in /etc/sluice.json ${rest}`);
  });

  it('refuses a value from the environment by the name of its variable', () => {
    expect(refusal({ env: { SLUICE_PORT: 'abc' } })).toBe(
      'SLUICE_PORT "abc": allowed is a whole number from 0 to 65535',
    );
  });

  it.each([
    ['{', /^--config "\/etc\/sluice.json" is not JSON \(.*\): allowed is a JSON file of settings$/],
    ['[]', /^--config "\/etc\/sluice.json" is not a JSON object: allowed is a JSON file of settings$/],
    ['{"prot":1}', /^"prot" in \/etc\/sluice.json is not a setting: allowed are host, port, /],
    ['{"port":true}', /^port in \/etc\/sluice.json true: allowed is a whole number/],
    ['{"window":null}', /^window in \/etc\/sluice.json null: allowed is a whole number/],
  ])('refuses the file %s', (content, message) => {
    expect(refusal(file(content))).toMatch(message);
  });

  it('refuses a file that is not there', () => {
    expect(refusal({ flags: { config: '/nowhere/sluice.json' } })).toMatch(
      /^--config "\/nowhere\/sluice.json" cannot be read \(no such file or directory\): allowed is a JSON file of settings$/,
    );
  });

  it('refuses settings that cannot work together by the names they were given', () => {
    expect(refusal({ flags: { chunkBytes: '64MiB' }, env: { SLUICE_MEMORY_BUDGET: '64MiB' } })).toMatch(
      /^SLUICE_MEMORY_BUDGET 64MiB has room for 0 of the 4 chunks of 64MiB that are needed: allowed is .*--chunk-size$/,
    );
  });

  it('keeps control characters and length out of the line', () => {
    const message = refusal({ flags: { port: `1\n\u001B[2J\u0085${'9'.repeat(500)}` } });
    expect(message.length).toBeLessThan(240);
    // oxlint-disable-next-line no-control-regex -- that there is none is the point
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

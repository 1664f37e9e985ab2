import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, metadata, never, newKey, partMemory } from './object-store.fixture.ts';
import { openStore } from './open-store.ts';

const describing = () => ({});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('openStore', () => {
  it('opens a folder, names with spaces included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice open '));
    const url = pathToFileURL(folder).href;
    const key = newKey();
    const stored = await (
      await openStore({ store: url, s3PathStyle: false }, { describing })
    ).put(key, bodyOf(new Uint8Array(3)), metadata(), partMemory(), never);
    await using again = await openStore({ store: url, s3PathStyle: false }, { describing });
    expect(again.description).toBe(url);
    expect(await again.head(key, never)).toEqual(stored);
    await rm(folder, { recursive: true });
  });

  it('opens the embedded store', async () => {
    await using store = await openStore({ store: 'embedded', s3PathStyle: false }, { describing });
    expect(store.description).toBe('embedded');
    await expect(store.check(never)).resolves.toBeUndefined();
  });

  it.each([
    ['s3://bucket', 's3://bucket'],
    ['s3://bucket/', 's3://bucket'],
    ['s3://bucket/some/prefix/', 's3://bucket/some/prefix'],
    ['http://127.0.0.1:9', 'http://127.0.0.1:9'],
    ['https://host.example/some/base/', 'https://host.example/some/base'],
  ])('takes %s', async (store, description) => {
    await using opened = await openStore({ store, s3PathStyle: false }, { describing });
    expect(opened.description).toBe(description);
  });

  it.each(['ftp://x', 's3://', 'file:///%zz', 'file:///a%2fb'])(
    'refuses %s, saying what is allowed',
    async (store) => {
      const opening = openStore({ store, s3PathStyle: false }, { describing });
      await expect(opening).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(opening).rejects.toThrow(`--store ${store}: allowed is embedded, file:///DIR, s3://`);
    },
  );

  it('says where credentials come from when there are none', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE']) vi.stubEnv(name, '/nowhere');
    await using store = await openStore(
      { store: 's3://bucket', s3Endpoint: 'http://127.0.0.1:9', s3PathStyle: true },
      { describing },
    );
    const checking = store.check(never);
    await expect(checking).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(checking).rejects.toThrow(/no credentials found: set AWS_ACCESS_KEY_ID/);
  });
});

import { describe, expect, it } from 'vitest';
import { destinationOf, parseTarget, type Reach, type Resolve } from './reach.ts';

const own = new URL('http://10.0.0.5:7420');
const viewer: Reach = { kind: 'public', own };
const names: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'private.example': ['10.1.2.3'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'none.example': [],
};
const resolve: Resolve = async (name) => {
  const addresses = names[name];
  if (!addresses) throw new Error('ENOTFOUND');
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

const reached = (url: string, reach: Reach) => destinationOf(parseTarget(url), reach, resolve);

describe('what may be reached', () => {
  it.each([
    'http://public.example/x',
    'https://93.184.216.34/x',
    'http://10.0.0.5:7420/api/v1/object/n/k',
    'http://10.0.0.5:7420/git/host/path/snapshot.tar.zst',
  ])('by viewers: %s', async (url) => {
    expect((await reached(url, viewer)).port).toBeGreaterThan(0);
  });

  it.each([
    'http://private.example/x',
    'http://mixed.example/x',
    'http://metadata.example/latest/meta-data',
    'http://127.0.0.1/x',
    'http://0x7f.1/x',
    'http://2130706433/x',
    'http://[::1]/x',
    'http://[::ffff:127.0.0.1]/x',
    'http://[::ffff:169.254.169.254]/x',
    'http://[fd00:ec2::254]/x',
    'http://10.0.0.5:7420/metrics',
    'http://10.0.0.5:7420/api/v1/object/../../../metrics',
    'http://10.0.0.5:7421/git/x',
    'https://10.0.0.5:7420/git/x',
  ])('by operators only: %s', async (url) => {
    await expect(reached(url, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await reached(url, { kind: 'everywhere' })).port).toBeGreaterThan(0);
  });

  it('a name goes to an address that was checked, and says how long that took', async () => {
    expect(await reached('https://public.example/x', viewer)).toEqual({
      address: '93.184.216.34',
      family: 4,
      port: 443,
      lookupMs: expect.any(Number) as number,
    });
    expect(await reached('http://[2606:2800:220:1::1]:81/', viewer)).toEqual({
      address: '2606:2800:220:1::1',
      family: 6,
      port: 81,
    });
  });

  it('a name without an address is refused', async () => {
    await expect(reached('http://none.example/', viewer)).rejects.toThrow('has no address');
    await expect(reached('http://unknown.example/', viewer)).rejects.toThrow('the host name is unknown');
  });
});

describe('parseTarget', () => {
  it.each(['', 'host/x', 'ftp://host/x', 'file:///etc/passwd', 'javascript:1', 'http://'])(
    'refuses %j',
    (text) => {
      expect(() => parseTarget(text)).toThrow('allowed is http://HOST/PATH');
    },
  );

  it('refuses credentials without repeating them, and drops the fragment', () => {
    expect(() => parseTarget('http://user:secret@host/x')).toThrow(/^URL of host: no user/);
    expect(parseTarget('http://host/a b#c').href).toBe('http://host/a%20b');
  });
});

import { assert, property, webPath } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outside, type OutsideSettings, type Seen } from './outside.ts';

const settings: OutsideSettings = {
  host: '127.0.0.1',
  basePath: '',
  allowHosts: [],
  trustedProxies: ['127.0.0.0/8', '::1', '10.1.0.0/16', 'fd00::/8'],
};

function seen(headers: Record<string, string>, remoteAddress = '127.0.0.1'): Seen {
  return { headers, raw: { socket: { remoteAddress } } };
}

describe('Outside', () => {
  it('trusts the proxies that it was told of, however their address is written', () => {
    const outside = new Outside(settings);
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '10.1.255.1', 'fd12::1'])
      expect([address, outside.trusts(address)]).toEqual([address, true]);
    for (const address of ['10.2.0.1', '::ffff:10.2.0.1', 'fe80::1', '', 'x', undefined])
      expect([address, outside.trusts(address)]).toEqual([address, false]);
  });

  it('takes its path away where it is, and nowhere else', () => {
    const outside = new Outside({ ...settings, basePath: '/tools/sluice' });
    const rows = [
      ['/tools/sluice/rpc?server=a', '/rpc?server=a'],
      ['/tools/sluice', '/'],
      ['/tools/sluice?x', '/?x'],
      ['/tools/sluicer/rpc', '/tools/sluicer/rpc'],
      ['/git/host/tools/sluice/x', '/git/host/tools/sluice/x'],
      ['/rpc', '/rpc'],
      ['http://host/tools/sluice/rpc', 'http://host/rpc'],
      ['*', '*'],
    ];
    for (const [url = '', expected] of rows) expect([url, outside.strip(url)]).toEqual([url, expected]);
  });

  it('takes its path away once, and leaves every URL as it is when it has none', () => {
    const outside = new Outside({ ...settings, basePath: '/tools/sluice' });
    const atTheRoot = new Outside(settings);
    assert(
      property(webPath(), (path) => {
        expect(atTheRoot.strip(path)).toBe(path);
        expect(outside.strip(`/tools/sluice/${path}`)).toBe(`/${path}`);
      }),
    );
  });

  it('takes the prefix of a proxy that it trusts, if it is a path', () => {
    const outside = new Outside({ ...settings, basePath: '/base' });
    const forwarded = (prefix: string, address?: string) =>
      outside.prefix(seen({ 'x-forwarded-prefix': prefix }, address));
    expect(forwarded('/a/b/')).toBe('/a/b');
    expect(forwarded('/a, /b')).toBe('/a');
    for (const odd of ['//evil.example', 'https://evil', '/a;Secure', '/../x', '', '/'])
      expect([odd, forwarded(odd)]).toEqual([odd, '/base']);
    expect(forwarded('/a', '192.0.2.1')).toBe('/base');
  });

  it('never lets X-Forwarded-Host stand in for a foreign Host', () => {
    const outside = new Outside({ ...settings, allowHosts: ['ours.example'] });
    const foreign = (host: string, forwarded: string) =>
      outside.foreignName(seen({ host, 'x-forwarded-host': forwarded }))?.field;
    expect(foreign('rebound.example', 'localhost')).toBe('Host');
    expect(foreign('127.0.0.1:7420', 'rebound.example')).toBe('X-Forwarded-Host');
    expect(foreign('127.0.0.1:7420', 'ours.example:8443')).toBeUndefined();
    expect(foreign('[::1]:7420', 'OURS.example')).toBeUndefined();
  });

  it('knows its own origin with and without the usual port', () => {
    const outside = new Outside({ ...settings, publicUrl: 'https://sluice.example/x' });
    const proxied = seen({ host: 'a.example:443', 'x-forwarded-proto': 'https' });
    expect(outside.isOwn('https://a.example', proxied)).toBe(true);
    expect(outside.isOwn('http://a.example', proxied)).toBe(false);
    expect(outside.isOwn('https://a.example:444', proxied)).toBe(false);
    expect(outside.isOwn('https://sluice.example', proxied)).toBe(true);
    expect(outside.isOwn('null', proxied)).toBe(false);
  });
});

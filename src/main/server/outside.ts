/**
 * How this server is called from outside: by which names, at which origin, below which path. A proxy in between changes
 * all three, and says so in X-Forwarded- fields, which are believed only when they come from a proxy that is trusted.
 */
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { FastifyRequest } from 'fastify';
import type { Config } from '#shared/config.ts';

export type OutsideSettings = Pick<
  Config,
  'host' | 'publicUrl' | 'basePath' | 'allowHosts' | 'trustedProxies'
>;

/** What of a request says how its client calls us. */
export type Seen = Pick<FastifyRequest, 'headers'> & {
  readonly raw: { readonly socket: { readonly remoteAddress?: string | undefined } };
};

/** A field that names us, as it came. */
export interface HostField {
  readonly field: 'Host' | 'X-Forwarded-Host';
  readonly value: string;
}

export class Outside {
  readonly publicUrl: URL | undefined;
  readonly #settings: OutsideSettings;
  readonly #names: ReadonlySet<string>;
  readonly #trusted = new BlockList();

  constructor(settings: OutsideSettings) {
    this.#settings = settings;
    this.publicUrl = settings.publicUrl === undefined ? undefined : new URL(settings.publicUrl);
    const names = ['localhost', settings.host, ...settings.allowHosts, this.publicUrl?.hostname ?? ''];
    this.#names = new Set(names.map((name) => name.toLowerCase()).filter((name) => name !== ''));
    for (const proxy of settings.trustedProxies) {
      const [address = '', prefix] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#trusted.addAddress(address, family);
      else this.#trusted.addSubnet(address, Number(prefix), family);
    }
  }

  /** Where others find the server that listens at `url`, without a slash at its end. */
  address(url: string): string {
    const { publicUrl, basePath } = this.#settings;
    return publicUrl?.replace(/\/$/, '') ?? reachable(url) + basePath;
  }

  /** Whether what this peer forwards is believed. */
  trusts(address: string | undefined): boolean {
    const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
    const family = isIP(plain);
    return family !== 0 && this.#trusted.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }

  /** A URL as the routes know it: without the path that a proxy has us at, when that is still there. */
  strip(url: string): string {
    const { basePath } = this.#settings;
    if (basePath === '') return url;
    const [, origin = '', path = ''] = /^(https?:\/\/[^/]*)?(.*)$/s.exec(url) ?? [];
    if (!path.startsWith(basePath)) return url;
    const rest = path.slice(basePath.length);
    if (rest === '' || rest.startsWith('?')) return `${origin}/${rest}`;
    return rest.startsWith('/') ? origin + rest : url;
  }

  /** The path that a browser has us at, without a slash at its end. */
  prefix(seen: Seen): string {
    const forwarded = this.#forwarded(seen, 'x-forwarded-prefix')?.replace(/\/$/, '');
    const isPath = forwarded !== undefined && /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(forwarded);
    return isPath ? forwarded : this.#settings.basePath;
  }

  /** The first field that names somebody else, if any does. */
  foreignName(seen: Seen): HostField | undefined {
    const forwarded = this.#forwarded(seen, 'x-forwarded-host');
    const fields: readonly HostField[] = [
      { field: 'Host', value: seen.headers.host ?? '' },
      ...(forwarded === undefined ? [] : [{ field: 'X-Forwarded-Host', value: forwarded } as const]),
    ];
    return fields.find(({ value }) => !this.#isOurName(hostName(value)));
  }

  /** The origin that our own pages have, by what the request says. */
  origin(seen: Seen): string {
    const host = this.#forwarded(seen, 'x-forwarded-host') ?? seen.headers.host ?? '';
    const isHttps = this.#forwarded(seen, 'x-forwarded-proto')?.toLowerCase() === 'https';
    return `${isHttps ? 'https' : 'http'}://${host.toLowerCase()}`;
  }

  /** Whether pages of this origin are our own. */
  isOwn(origin: string, seen: Seen): boolean {
    const asked = origin.toLowerCase();
    // A browser leaves the usual port out; a proxy may put it in.
    const own = this.origin(seen);
    return asked === own || asked === withoutUsualPort(own) || asked === this.publicUrl?.origin;
  }

  #isOurName(name: string | undefined): boolean {
    return name !== undefined && (isIP(name) !== 0 || this.#names.has(name));
  }

  /** Of several proxies the first has seen the client. */
  #forwarded({ headers, raw }: Seen, field: string): string | undefined {
    if (!this.trusts(raw.socket.remoteAddress)) return undefined;
    const value = headers[field];
    const first = (Array.isArray(value) ? value[0] : value)?.split(',')[0]?.trim();
    return first === '' ? undefined : first;
  }
}

/** The host part of a Host field, lower case, without port and brackets; `undefined` when it is malformed. */
export function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+))(?::\d{1,5})?$/.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** Nobody can go to `0.0.0.0`: an address of this machine that others can, if there is one. */
function reachable(url: string): string {
  const { hostname, port } = new URL(url);
  if (hostname !== '0.0.0.0' && hostname !== '[::]') return url;
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const first = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return `http://${first?.address ?? '127.0.0.1'}:${port}`;
}

function withoutUsualPort(origin: string): string {
  return origin.replace(/^(http:\/\/.*):80$|^(https:\/\/.*):443$/, '$1$2');
}

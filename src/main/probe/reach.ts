/**
 * Whom a request made on somebody's behalf may reach (docs/adr/0016). A name is looked up once, every address it has is
 * checked, and the connection goes to the address that was checked: a name that changes its mind in between changes
 * nothing.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SluiceError } from '#shared/errors.ts';
import { isPublicAddress } from './addresses.ts';

/** What somebody may reach: everything, or what is public and a server that they talk to anyway. */
export type Reach =
  | { readonly kind: 'everywhere' }
  | {
      readonly kind: 'public';
      /** This server, whose objects its clients can read anyway. */
      readonly own?: URL | undefined;
    };

/** Where a connection goes. */
export interface Destination {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** Absent when the URL had an address. */
  readonly lookupMs?: number;
}

export type Resolve = (
  name: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const resolveName: Resolve = (name) => lookup(name, { all: true });

/**
 * A URL to ask. @throws SluiceError INVALID_INPUT when it is none, is not HTTP, or has a password in it
 */
export function parseTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new SluiceError(
      'INVALID_INPUT',
      `URL ${JSON.stringify(text)}: allowed is http://HOST/PATH or https://HOST/PATH`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SluiceError(
      'INVALID_INPUT',
      `URL of ${url.host}: no user and no password in it, please; it is shown to others`,
    );
  }
  url.hash = '';
  return url;
}

/**
 * Where a request for `url` goes. @throws SluiceError FORBIDDEN when `reach` does not cover every address of it;
 * STORE_UNAVAILABLE when it has none
 */
export async function destinationOf(
  url: URL,
  reach: Reach,
  resolve: Resolve = resolveName,
): Promise<Destination> {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const literal = isIP(host);
  const startedAt = performance.now();
  const found =
    literal === 0
      ? await resolve(host).catch((cause: unknown) => {
          throw new SluiceError('STORE_UNAVAILABLE', `${host}: the host name is unknown`, { cause });
        })
      : [{ address: host, family: literal }];
  const lookupMs = performance.now() - startedAt;
  const [first] = found;
  if (!first) throw new SluiceError('STORE_UNAVAILABLE', `${host}: the host name has no address`);
  if (!mayReach(url, found, reach)) {
    throw new SluiceError(
      'FORBIDDEN',
      `${url.host} is not a public address; viewers may ask public addresses and the objects of this server, operators any`,
    );
  }
  const family = first.family === 6 ? 6 : 4;
  return { address: first.address, family, port, ...(literal === 0 && { lookupMs }) };
}

function mayReach(url: URL, found: readonly { readonly address: string }[], reach: Reach): boolean {
  if (reach.kind === 'everywhere') return true;
  const isOwn =
    reach.own !== undefined && url.origin === reach.own.origin && isObject(url.pathname, reach.own);
  return isOwn || found.every(({ address }) => isPublicAddress(address));
}

/** Objects and snapshots: what is open to every client. */
function isObject(path: string, own: URL): boolean {
  const base = own.pathname.replace(/\/$/, '');
  return path.startsWith(`${base}/api/v1/object/`) || path.startsWith(`${base}/git/`);
}

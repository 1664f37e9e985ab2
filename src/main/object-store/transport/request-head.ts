/** What goes out: which requests take the fast way, where to, and the bytes of their head (RFC 9112, section 3). */
import { validateHeaderName, validateHeaderValue } from 'node:http';

/** A request, signed where that matters, as the SDK hands it to its handler. */
export interface SignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly username?: string | undefined;
}

/** Where connections go; those of one origin are interchangeable. */
export interface Origin {
  readonly secure: boolean;
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Whether this is a GET of a range, whose answer should go straight into memory. */
export function isRangedGet(request: SignedRequest): boolean {
  return (
    request.method === 'GET' &&
    /^https?:$/.test(request.protocol) &&
    request.body === undefined &&
    request.username === undefined &&
    Object.keys(request.headers).some((name) => name.toLowerCase() === 'range')
  );
}

export function originOf({
  protocol,
  hostname,
  port,
}: Pick<SignedRequest, 'protocol' | 'hostname' | 'port'>): Origin {
  const secure = protocol === 'https:';
  return { secure, host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port ?? (secure ? 443 : 80) };
}

/** The head, in latin1. @throws TypeError when a part of it cannot be sent as it is */
export function requestHead(request: SignedRequest): string {
  const target = request.path + queryOf(request);
  if (!/^\/[\x21-\xff]*$/.test(target)) throw new TypeError(`${request.path} is no path to ask for`);
  const lines = [`${request.method} ${target} HTTP/1.1`];
  for (const [name, value] of Object.entries(request.headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\nconnection: keep-alive\r\n\r\n`;
}

function queryOf({ query = {} }: SignedRequest): string {
  const pairs = Object.entries(query).flatMap(([name, values]) => {
    if (values === null) return [escape(name)];
    return [values].flat().map((value) => `${escape(name)}=${escape(value)}`);
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** As the signature has it: everything but RFC 3986's unreserved characters. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

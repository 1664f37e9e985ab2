/**
 * Who may talk to this server. Reading objects and snapshots is open to any client that reaches the port: that is
 * what a cache is for. Everything else can change things or tell about them, and a web page that the user happens to
 * visit must not drive it. Two checks do that:
 *
 *   Host      must be an IP address, localhost, or a name that this server was told to have. A page that points its own
 *             host name at this machine (DNS rebinding) sends that name.
 *   Origin    a browser sends it with every cross-origin call that could change something; it must be our own.
 *             Sec-Fetch-Site covers the calls that carry no Origin.
 *
 * A refusal says which field is wrong and what mends it: behind a proxy it is mostly the proxy.
 */
import { SluiceError } from '#shared/errors.ts';
import { hostName, type Outside, type Seen } from './outside.ts';

/**
 * Lets a request to the API or the console pass.
 * @throws SluiceError FORBIDDEN that says which field is wrong
 */
export function checkAccess(request: Seen, outside: Outside): void {
  checkHost(request, outside);
  checkOrigin(request, outside);
}

/**
 * Lets a request for the console's files pass: they tell nothing, and a page that gets through can say what is wrong
 * with the rest. @throws SluiceError FORBIDDEN that says which field is wrong
 */
export function checkHost(request: Seen, outside: Outside): void {
  const foreign = outside.foreignName(request);
  if (foreign) {
    const name = hostName(foreign.value);
    const remedy = name === undefined ? '' : `, or start it with --allow-host ${name}`;
    throw new SluiceError(
      'FORBIDDEN',
      `${foreign.field} ${JSON.stringify(foreign.value)} is not this server; use its IP address or localhost${remedy}`,
    );
  }
}

/**
 * Lets a request pass whose work a web page of somebody else must not begin.
 * @throws SluiceError FORBIDDEN that says which origin asked
 */
export function checkOrigin(request: Seen, outside: Outside): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    origin === undefined ? site === 'cross-site' || site === 'same-site' : !outside.isOwn(origin, request);
  // A link or an address typed into the browser only navigates; it may open the console from anywhere.
  const opensPage = origin === undefined && request.headers['sec-fetch-mode'] === 'navigate';
  if (!foreign || opensPage) return;
  throw new SluiceError(
    'FORBIDDEN',
    `Origin ${JSON.stringify(origin ?? 'cross-site')} may not use this server's API${remedyFor(origin, request, outside)}`,
  );
}

function remedyFor(origin: string | undefined, request: Seen, outside: Outside): string {
  if (origin === undefined || !/^https?:\/\/[A-Za-z0-9.:[\]-]+$/.test(origin)) return '';
  const own = outside.origin(request);
  const sameHost = origin.replace(/^https?:/, '') === own.replace(/^https?:/, '');
  if (sameHost) {
    const scheme = new URL(origin).protocol.slice(0, -1);
    return `, which is at ${own}; the proxy has to send X-Forwarded-Proto: ${scheme}, or start it with --public-url ${origin}`;
  }
  return `, which is at ${own}; if a proxy serves it there, start it with --public-url ${origin}`;
}

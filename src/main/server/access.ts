/**
 * Who may talk to this server. Reading objects and snapshots is open to any client that reaches the port: that is
 * what a cache is for. Everything else can change things or tell about them, and a web page that the user happens to
 * visit must not drive it. Two checks do that:
 *
 *   Host      must be an IP address, localhost, or the name that the server listens on. A page that points its own
 *             host name at this machine (DNS rebinding) sends that name.
 *   Origin    a browser sends it with every cross-origin call that could change something; it must be our own.
 *             Sec-Fetch-Site covers the calls that carry no Origin.
 */
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { SluiceError } from '#shared/errors.ts';

/** The host part of a Host field, lower case, without port and brackets; `undefined` when it is malformed. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+))(?::\d{1,5})?$/.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/**
 * Lets a request to the API or the console pass.
 * @throws SluiceError FORBIDDEN that says which field is wrong
 */
export function checkAccess(request: Pick<FastifyRequest, 'headers'>, listenHost: string): void {
  const { host = '' } = request.headers;
  const name = hostName(host);
  if (!name || !(isIP(name) || name === 'localhost' || name === listenHost.toLowerCase())) {
    throw new SluiceError(
      'FORBIDDEN',
      `Host ${JSON.stringify(host)} is not this server; use its IP address or localhost`,
    );
  }
  checkOrigin(request);
}

/**
 * Lets a request pass whose work a web page of somebody else must not begin.
 * @throws SluiceError FORBIDDEN that says which origin asked
 */
export function checkOrigin(request: Pick<FastifyRequest, 'headers'>): void {
  const { host = '', origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign = origin === undefined ? site === 'cross-site' || site === 'same-site' : !isOwn(origin, host);
  // A link or an address typed into the browser only navigates; it may open the console from anywhere.
  const opensPage = origin === undefined && request.headers['sec-fetch-mode'] === 'navigate';
  if (foreign && !opensPage) {
    throw new SluiceError(
      'FORBIDDEN',
      `Origin ${JSON.stringify(origin ?? 'cross-site')} may not use this server's API`,
    );
  }
}

function isOwn(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host.toLowerCase()}`;
}

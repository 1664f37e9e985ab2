/**
 * What each route wants of its caller, in one place, so that a route that is added later is closed until somebody opens
 * it: looking needs a viewer, everything else an operator.
 */
import type { FastifyRequest } from 'fastify';
import type { Caller, Credentials } from '#main/access/gate.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Role } from '#shared/vocabulary/live.ts';
import { checkAccess, checkHost } from './access.ts';
import type { Services } from './services.ts';

/**
 * `everybody`: any client that reaches the port. `named`: whoever calls us by our own name. `ours`: of those, programs
 * and our own pages.
 */
type Need = 'everybody' | 'named' | 'ours' | Role;

/** The console's files, which tell nothing. */
const files = new Set(['/', '/console', '/console/', '/console/*']);
/** Health, and where one signs in. */
const ours = new Set(['/_liveness', '/_readiness', '/session']);

/** What the route wants; `undefined` is no route at all. */
function needOf(method: string, route: string | undefined): Need {
  const reads = method === 'GET' || method === 'HEAD';
  if (route === undefined || route.startsWith('/git/')) return 'everybody';
  if (route === '/api/v1/object/:namespace/:key' && reads) return 'everybody';
  if (files.has(route)) return 'named';
  if (ours.has(route)) return 'ours';
  return reads ? 'viewer' : 'operator';
}

const callers = new WeakMap<FastifyRequest, Caller>();

/**
 * Lets a request pass, or does not.
 * @throws SluiceError FORBIDDEN that says which field is wrong or which role is missing; UNAUTHENTICATED;
 * TOO_MANY_FAILURES
 */
export function admit(request: FastifyRequest, { gate, outside }: Services): void {
  const need = needOf(request.method, request.routeOptions.url);
  if (need === 'everybody') return;
  if (need === 'named') return checkHost(request, outside);
  const credentials = credentialsOf(request, gate.cookieName);
  // No page can send a token that it does not have: who has one may call us by any name.
  const isProgram = gate.requiresToken && credentials.bearer !== undefined && need !== 'ours';
  if (!isProgram) checkAccess(request, outside);
  if (need === 'ours') return;
  const bearerOnly = isProgram ? { bearer: credentials.bearer } : credentials;
  const caller = gate.judge(bearerOnly, request.ip);
  if (need === 'operator') requireOperator(caller);
  callers.set(request, caller);
}

/** Who sent a request to a route that wants a role. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new SluiceError('INVARIANT', `nobody was admitted to ${request.url}`);
  return caller;
}

/** @throws SluiceError FORBIDDEN that says what is missing */
export function requireOperator({ role }: Caller): void {
  if (role === 'operator') return;
  throw new SluiceError('FORBIDDEN', 'viewers may look; this needs a token with the operator role');
}

/** What a request brings along to say who it is from. */
export function credentialsOf({ headers }: Pick<FastifyRequest, 'headers'>, cookieName: string): Credentials {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const cookies = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const session = cookies.find(([name]) => name === cookieName)?.[1];
  return { bearer, session };
}

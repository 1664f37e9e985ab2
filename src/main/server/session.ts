/**
 * `/session`: where a browser shows its token once and gets a cookie for it, which no script can read and no other
 * site can send. POST without a token says who one is; DELETE signs out.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { credentialsOf } from './admit.ts';
import { readJson } from './json-body.ts';
import { refuseOtherMethods } from './methods.ts';
import type { Services } from './services.ts';

const allowed = 'allowed is {"token":"slu_…"}, or {}';
const askSchema = z.object({ token: z.string(allowed).max(256, allowed).optional() }, allowed);

const path = '/session';

export function registerSession(app: FastifyInstance, { gate, outside }: Services): void {
  const cookie = (request: FastifyRequest, value: string, seconds: number): string => {
    const isSecure = /^https:/i.test(request.headers.origin ?? outside.origin(request));
    const parts = [
      `${gate.cookieName}=${value}`,
      `Path=${outside.prefix(request)}/`,
      `Max-Age=${seconds}`,
      'HttpOnly',
      'SameSite=Strict',
    ];
    return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ');
  };

  app.post(path, async (request, reply) => {
    const { token } = await readJson(request, askSchema);
    void reply.header('cache-control', 'no-store');
    if (token === undefined || !gate.requiresToken) {
      const { role, by } = gate.judge(credentialsOf(request, gate.cookieName), request.ip);
      return reply.send({ role, by });
    }
    const { role, session } = await gate.signIn(token, request.ip);
    return reply
      .header('set-cookie', cookie(request, session, gate.sessionSeconds))
      .send({ role, by: 'session' });
  });

  app.delete(path, async (request, reply) => {
    const { session } = credentialsOf(request, gate.cookieName);
    if (session !== undefined) await gate.signOut(session);
    return reply
      .header('set-cookie', cookie(request, '', 0))
      .header('cache-control', 'no-store')
      .send({});
  });

  refuseOtherMethods(app, path, ['POST', 'DELETE']);
}

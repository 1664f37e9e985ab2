/**
 * The embedded store's process: an S3 server in memory (fauxqs) on a free loopback port. It has a process of its own,
 * because its memory is not Sluice's: it holds whole objects, and no budget counts them.
 *
 * It listens for this machine only and answers nobody who does not know this run's access key, so that no web page
 * and no other user can fill it. It ends with its parent: the channel between them closes however the parent dies.
 */
import { randomUUID } from 'node:crypto';
import { isBuiltin, register } from 'node:module';
import type { FastifyInstance } from 'fastify';

/** What this process tells its parent, once, when it can be used. */
export interface Ready {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly bucket: string;
  /** Made for this run; a request without it is refused. */
  readonly accessKeyId: string;
}

process.on('disconnect', () => process.exit(0));
// A Ctrl-C reaches the whole group; the parent still needs its store while it drains, and then ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

// fauxqs imports SQLite for a feature that is not used here; Node.js before 22.5 has none to import.
if (!isBuiltin('node:sqlite')) {
  const standIn = 'data:text/javascript,export class DatabaseSync {}';
  const hooks = `export const resolve = (name, context, next) =>
    name === 'node:sqlite' ? { url: ${JSON.stringify(standIn)}, shortCircuit: true } : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

async function start(): Promise<Ready> {
  const { buildApp } = await import('fauxqs');
  const accessKeyId = randomUUID();
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/`;
  const app: FastifyInstance = buildApp({ logger: false });
  app.addHook('onRequest', async (request, reply) => {
    if (!request.headers.authorization?.startsWith(authorization)) await reply.code(403).send();
  });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const bucket = 'sluice';
  const created = await fetch(`${endpoint}/${bucket}`, { method: 'PUT', headers: { authorization } });
  if (!created.ok) throw new Error(`creating the bucket was answered with ${created.status}`);
  return { endpoint, bucket, accessKeyId };
}

process.send?.(await start());

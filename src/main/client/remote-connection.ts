/** A connection to the console's socket of another server, and what is wrong when there is none. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { contract } from '#shared/contract.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { helloSchema, type Hello } from '#shared/model.ts';
import { MiB } from '#shared/units.ts';
import { networkCode } from './http.ts';
import { at } from './server.ts';

export interface RemoteAddress {
  readonly url: URL;
  readonly token?: string | undefined;
}

/** More is no answer of a console's contract. */
const maxMessageBytes = 4 * MiB;
const openMilliseconds = 10_000;
const maxRefusalBytes = 4096;

/**
 * Opens the socket. Resolves when it is open; close it.
 * @throws SluiceError STORE_UNAVAILABLE when nobody answers, FORBIDDEN when the server refuses, STORE_MISBEHAVED when it
 * is no Sluice server
 */
export function openRemote({ url, token }: RemoteAddress): Promise<WebSocket> {
  const socket = new WebSocket(socketAddress(url), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    handshakeTimeout: openMilliseconds,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    // Stays: a socket that breaks later says so with its close.
    socket.on('error', (error) => reject(unreachable(url, error)));
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (request, answer) => {
      refusalOf(url, answer).then(reject, reject);
      answer.once('close', () => request.destroy());
    });
  });
}

/** Asks who is there. @throws SluiceError as `openRemote` */
export async function helloOf(address: RemoteAddress): Promise<Hello> {
  const socket = await openRemote(address);
  try {
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
    const client = createORPCClient<ContractRouterClient<typeof contract>>(link);
    const hello = helloSchema.safeParse(
      await client.hello(undefined, { signal: AbortSignal.timeout(openMilliseconds) }),
    );
    if (hello.success) return hello.data;
  } catch (error) {
    throw new SluiceError('STORE_UNAVAILABLE', `${address.url.host} does not say hello`, { cause: error });
  } finally {
    socket.close();
  }
  throw new SluiceError(
    'STORE_MISBEHAVED',
    `${address.url.host} is no Sluice server, or one of another version`,
  );
}

function socketAddress(server: URL): URL {
  const url = at(server, 'rpc');
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}

function unreachable({ host }: URL, error: Error): SluiceError {
  const code = networkCode(error);
  const why = code === 'ECONNREFUSED' ? 'nothing listens there' : messageOf(error);
  return new SluiceError('STORE_UNAVAILABLE', `${host} does not answer: ${why}`, { cause: error });
}

async function refusalOf({ host }: URL, answer: IncomingMessage): Promise<SluiceError> {
  const { statusCode: status = 0 } = answer;
  const said = await sentenceOf(answer);
  if (status === 401)
    return new SluiceError('FORBIDDEN', `${host} does not take this token${said && `: ${said}`}`);
  if (status === 403) return new SluiceError('FORBIDDEN', `${host} refuses${said && `: ${said}`}`);
  return new SluiceError('STORE_MISBEHAVED', `${host} is no Sluice server: it answers ${status}`);
}

/** What one of our servers says, which is JSON; of anybody else's pages, nothing. */
async function sentenceOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const piece of answer.setEncoding('utf8') as AsyncIterable<string>) {
      text += piece;
      if (text.length > maxRefusalBytes) return '';
    }
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message.replace(/\p{Cc}/gu, ' ').slice(0, 300) : '';
  } catch {
    return '';
  }
}

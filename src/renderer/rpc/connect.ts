/**
 * One connection to the server, whichever way it travels: a MessagePort in the desktop window, a WebSocket in a
 * browser. Nothing beyond this file knows which.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '#shared/contract.ts';

export type ConsoleClient = ContractRouterClient<typeof contract>;

export interface Connection {
  readonly client: ConsoleClient;
  readonly close: () => void;
}

/** Opens a connection. When it fails or ends, pending and later calls reject. */
export function connect(): Connection {
  return window.sluiceDesktop === true ? connectPort() : connectSocket(socketUrl(document.baseURI));
}

/** The console is served at `<base>console/`, the socket at `<base>rpc`, whatever proxy prefix is before them. */
export function socketUrl(baseUri: string): string {
  const url = new URL('../rpc', baseUri);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return url.href;
}

function connectSocket(url: string): Connection {
  const websocket = new WebSocket(url);
  const client: ConsoleClient = createORPCClient(new SocketLink({ websocket }));
  return { client, close: () => websocket.close() };
}

/** The preload script hands the other port to the main process. */
function connectPort(): Connection {
  const { port1, port2 } = new MessageChannel();
  const client: ConsoleClient = createORPCClient(new PortLink({ port: port1 }));
  port1.start();
  window.postMessage('sluice:connect', '*', [port2]);
  return { client, close: () => port1.close() };
}

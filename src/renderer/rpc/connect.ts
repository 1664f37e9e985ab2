/**
 * One connection to a server, whichever way it travels: a MessagePort in the desktop window, a WebSocket in a browser.
 * Nothing beyond this file knows which. Another server than the one that the page came from is reached through that
 * one, which has its address and its token.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { contract } from '#shared/contract.ts';
import { type Admission, theAdmission } from './admission.ts';
import { traffic } from './traffic.ts';

export type ConsoleClient = ContractRouterClient<typeof contract>;

export interface Connection {
  readonly client: ConsoleClient;
  readonly close: () => void;
  /** Why the other side ended it, in its own words, once it has said so. */
  readonly farewell: () => string | undefined;
}

/**
 * Opens a connection to the page's own server, or to the one that `servers.list` has under `serverId`. When it fails
 * or ends, pending and later calls reject.
 */
export function connect(serverId?: string): Connection {
  return window.sluiceDesktop === true
    ? connectPort(serverId)
    : connectSocket(socketUrl(document.baseURI, serverId));
}

/** The console is served at `<base>console/`, the socket at `<base>rpc`, whatever proxy prefix is before them. */
export function socketUrl(baseUri: string, serverId?: string): string {
  const url = new URL('../rpc', baseUri);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  if (serverId !== undefined) url.searchParams.set('server', serverId);
  return url.href;
}

function connectSocket(url: string): Connection {
  const websocket = new WebSocket(url);
  const client: ConsoleClient = createORPCClient(new SocketLink({ websocket }));
  websocket.addEventListener('message', ({ data }) => traffic.count(data));
  let reason: string | undefined;
  let wasOpen: Parameters<Admission['closed']>[0] = 'never opened';
  websocket.addEventListener('open', () => {
    wasOpen = 'opened';
    theAdmission.opened();
  });
  websocket.addEventListener('close', (event) => {
    theAdmission.closed(wasOpen);
    if (event.reason !== '') reason = event.reason;
  });
  return { client, close: () => websocket.close(), farewell: () => reason };
}

/** The preload script hands the other port to the main process, with the server that it is for. */
function connectPort(serverId: string | undefined): Connection {
  const { port1, port2 } = new MessageChannel();
  let reason: string | undefined;
  // Before the link listens: the last words of a server that could not be reached are no answer of the contract.
  port1.addEventListener('message', (event: MessageEvent<unknown>) => {
    const { farewell } = Object(event.data) as { readonly farewell?: unknown };
    traffic.count(event.data);
    if (typeof farewell !== 'string') return;
    event.stopImmediatePropagation();
    if (farewell !== '') reason = farewell;
  });
  const client: ConsoleClient = createORPCClient(new PortLink({ port: port1 }));
  port1.start();
  window.postMessage({ type: 'sluice:connect', server: serverId }, '*', [port2]);
  return { client, close: () => port1.close(), farewell: () => reason };
}

/**
 * The servers that this console is connected to: the one that the page came from, and those that it remembers. The
 * one that is looked at has all stores; of the others there is a glance, once a second. So the console's memory does
 * not depend on how many there are (docs/adr/0020).
 */
import type { RemoteServer } from '#shared/contract/servers.ts';
import type { Hello } from '#shared/model.ts';
import type { Connection, ConsoleClient } from '../rpc/connect.ts';
import { follow, type Follower, inTime } from '../rpc/follow.ts';
import type { PaintLoop } from '../ui/paint-loop.ts';
import type { Footprint } from './footprint.ts';
import { Glance, glanceLimitBytes, type Usage, usageOf } from './glance.ts';
import type { Live } from './live-context.ts';
import { type ConnectionState, LiveStore } from './live-store.ts';
import { notify } from './notifications.ts';
import { Signal, textIntervalMs } from './signal.ts';
import { Timeline } from './timeline.ts';

/** The most that a server remembers (shared/contract/servers.ts, which the page does not load). */
const maxRemoteServers = 32;

/** The page's own server, where an address names none. */
export const ownId = '';

export interface ServersOptions {
  /** Opens a connection to the page's own server, or to another through it. */
  readonly open: (serverId?: string) => Connection;
  readonly loop: PaintLoop;
  /** What is done while a server is looked at; the result ends it. */
  readonly attend: (live: Live, name: string) => () => void;
}

/** One of them, as a list shows it. */
export interface ServerLine {
  readonly id: string;
  readonly name: string;
  /** Empty for the page's own. */
  readonly url: string;
  readonly connection: ConnectionState;
  readonly usage: Usage | undefined;
  readonly role: 'viewer' | 'operator' | undefined;
}

interface Session {
  readonly server: RemoteServer;
  readonly follower: Follower;
  /** All stores, or a glance. */
  readonly seen:
    { readonly kind: 'whole'; readonly live: Live } | { readonly kind: 'glance'; readonly glance: Glance };
  readonly stop: () => void;
}

const own: RemoteServer = { id: ownId, name: 'This server', url: '' };

export class Servers {
  /** Something about one of them. */
  readonly changed = new Signal(textIntervalMs);
  /** Another is looked at, or there are more or fewer. */
  readonly switched = new Signal(0);
  readonly #options: ServersOptions;
  readonly #sessions = new Map<string, Session>();
  #current: string;
  #live: Live;
  #liveNumber = 0;
  #hasList = false;
  /** A recording is looked at: of all servers there are glances. */
  #isAway = false;

  constructor(options: ServersOptions) {
    this.#options = options;
    this.#current = ownId;
    this.#live = this.#look(own);
  }

  /** The stores of the server that is looked at. */
  get live(): Live {
    return this.#live;
  }

  /** The server that is looked at, or would be if no recording was. */
  get current(): {
    readonly call: Follower['call'];
    readonly connection: ConnectionState;
    readonly hello: Hello | undefined;
  } {
    const session = this.#sessions.get(this.#current);
    if (!session) throw new Error('the server that is looked at is not among them');
    const { connection, currentHello: hello } = storeOf(session);
    return { call: session.follower.call, connection, hello };
  }

  /** What the server that the page came from says of itself, whichever is looked at; `undefined` until it does. */
  get ownHello(): Hello | undefined {
    const session = this.#sessions.get(ownId);
    return session && storeOf(session).currentHello;
  }

  /** Calls the server that the page came from, whichever is looked at. */
  readonly ownCall: Follower['call'] = (work) => {
    const session = this.#sessions.get(ownId);
    return session ? session.follower.call(work) : Promise.reject(new Error('Sluice does not answer'));
  };

  /** Another number when the stores are others, also of the same server: what was made with the old ones is of no use. */
  get liveNumber(): number {
    return this.#liveNumber;
  }

  get currentId(): string {
    return this.#current;
  }

  /** Whether the remembered servers are known: until then an address may name one that is still to come. */
  get hasList(): boolean {
    return this.#hasList;
  }

  get lines(): readonly ServerLine[] {
    return [...this.#sessions.values()].map(lineOf);
  }

  /** How many there are beside the one that is looked at. */
  get glances(): number {
    return this.#sessions.size - (this.#isAway ? 0 : 1);
  }

  /** The server of that name, or of that id where several have the name; empty: the page's own. */
  find(name: string): ServerLine | undefined {
    if (name === '') return this.lines.find(({ id }) => id === ownId);
    return this.lines.find((line) => line.id !== ownId && this.addressOf(line) === name);
  }

  /** What an address calls it: its name, unless another came first with that. */
  addressOf({ id, name }: Pick<ServerLine, 'id' | 'name'>): string {
    if (id === ownId) return '';
    const first = this.lines.find((line) => line.id !== ownId && line.name === name);
    return first && first.id !== id ? id : name;
  }

  /** Looks at another: its stores begin now, and of the one before a glance stays. */
  show(id: string): void {
    const session = this.#sessions.get(id);
    if (!session || id === this.#current) return;
    if (!this.#isAway) this.#toGlance(this.#current);
    this.#current = id;
    if (!this.#isAway) this.#show(this.#fromGlance(id));
    this.switched.touch();
  }

  /**
   * A recording is looked at, until the result is called: a glance stays of the server, because memory is for the
   * stores of one.
   */
  lookAway(live: Live): () => void {
    if (!this.#isAway) this.#toGlance(this.#current);
    this.#isAway = true;
    this.#show(live);
    this.switched.touch();
    return () => {
      if (this.#live !== live) return;
      this.#isAway = false;
      this.#show(this.#fromGlance(this.#current));
      this.switched.touch();
    };
  }

  /** Resolves when the server that would be looked at answers. @throws when it does not in good time */
  async answering(): Promise<void> {
    let leave = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.current.connection.kind === 'live') resolve();
      };
      leave = this.changed.subscribe(look);
      look();
    });
    await inTime(heard).finally(() => leave());
  }

  #show(live: Live): void {
    this.#live = live;
    this.#liveNumber += 1;
  }

  /** Tries again at once. */
  retry(id: string): void {
    this.#sessions.get(id)?.follower.retryNow();
  }

  /** Asks the page's own server which others it remembers. @throws what the call throws */
  async refresh(): Promise<void> {
    const { servers } = await this.#ask((client) => client.servers.list());
    for (const server of servers) if (!this.#sessions.has(server.id)) this.#glance(server);
    const ids = new Set([ownId, ...servers.map(({ id }) => id)]);
    for (const id of this.#sessions.keys()) if (!ids.has(id)) this.#forget(id);
    this.#hasList = true;
    this.switched.touch();
  }

  /** Remembers a server once it has answered. @throws a sentence about what is wrong with the address or the token */
  async add(input: {
    readonly name: string;
    readonly url: string;
    readonly token?: string;
  }): Promise<string> {
    const { server } = await this.#ask((client) => client.servers.add(input));
    await this.refresh();
    return server.id;
  }

  /** @throws what the call throws */
  async remove(id: string): Promise<void> {
    await this.#ask((client) => client.servers.remove({ id }));
    if (id === this.#current) this.show(ownId);
    this.#forget(id);
    this.switched.touch();
  }

  #ask<T>(work: (client: ConsoleClient) => Promise<T>): Promise<T> {
    return inTime(this.ownCall(work));
  }

  #toGlance(id: string): void {
    const session = this.#sessions.get(id);
    session?.stop();
    if (session) this.#glance(session.server);
  }

  #fromGlance(id: string): Live {
    const session = this.#sessions.get(id);
    session?.stop();
    return this.#look(session?.server ?? own);
  }

  #forget(id: string): void {
    this.#sessions.get(id)?.stop();
    this.#sessions.delete(id);
  }

  #look(server: RemoteServer): Live {
    const { loop, attend } = this.#options;
    const stopping = new AbortController();
    const store = new LiveStore(loop.request);
    const timeline = new Timeline(() => store.clock.latest);
    const follower = tellingRefusals(
      follow(store, { open: this.#opener(server), pace: 'drawn' }, stopping.signal),
    );
    const live: Live = { store, timeline, loop, follower };
    const stopAttending = attend(live, server.name);
    const unsubscribe = store.connectionChanged.subscribe(this.#listener(server, store));
    this.#sessions.set(server.id, {
      server,
      follower,
      seen: { kind: 'whole', live },
      stop: () => {
        stopping.abort();
        stopAttending();
        unsubscribe();
      },
    });
    return live;
  }

  #glance(server: RemoteServer): void {
    const stopping = new AbortController();
    const glance = new Glance();
    const follower = follow(glance, { open: this.#opener(server), pace: 'seconds' }, stopping.signal);
    const unsubscribe = glance.changed.subscribe(this.#listener(server, glance));
    this.#sessions.set(server.id, {
      server,
      follower,
      seen: { kind: 'glance', glance },
      stop: () => {
        stopping.abort();
        unsubscribe();
      },
    });
  }

  #opener({ id }: RemoteServer): () => Connection {
    const { open } = this.#options;
    return () => (id === ownId ? open() : open(id));
  }

  /** What is done whenever something is heard of a server. */
  #listener({ id }: RemoteServer, source: { readonly connection: ConnectionState }): () => void {
    let before: ConnectionState['kind'] | undefined;
    return () => {
      const { kind } = source.connection;
      // What the page's own server remembers may have changed while it was away.
      if (id === ownId && kind === 'live' && before !== 'live') void this.refresh().catch(() => undefined);
      before = kind;
      this.changed.touch();
    };
  }
}

/** Says what a role may not do: whoever asked may not be looking where the answer is shown. */
function tellingRefusals(follower: Follower): Follower {
  return {
    retryNow: follower.retryNow,
    call: async (work) => {
      try {
        return await follower.call(work);
      } catch (error) {
        const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
        if (code === 'FORBIDDEN') notify({ kind: 'failed', title: 'Not allowed', body: String(message) });
        throw error;
      }
    },
  };
}

/** What glances at so many servers keep, and at the most that can be remembered. */
export function glancesFootprint(count: number): Footprint {
  return { usedBytes: count * glanceLimitBytes, limitBytes: maxRemoteServers * glanceLimitBytes };
}

/** Where what the server last said is kept. */
function storeOf({ seen }: Pick<Session, 'seen'>): LiveStore | Glance {
  return seen.kind === 'whole' ? seen.live.store : seen.glance;
}

function lineOf({ server, seen }: Session): ServerLine {
  const source = storeOf({ seen });
  const memory = seen.kind === 'whole' ? seen.live.store.currentFrame?.memory : undefined;
  return {
    id: server.id,
    name: server.name,
    url: server.url,
    connection: source.connection,
    usage: seen.kind === 'whole' ? memory && usageOf(memory) : seen.glance.usage,
    role: source.currentHello?.role,
  };
}

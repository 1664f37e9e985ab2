/**
 * The other servers that this one's operators look at, with their tokens: in `servers.json` of the data folder, which
 * only its owner can read. Tokens leave it towards their own server and nowhere else.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { readPrivate, writePrivate } from '#main/access/private-file.ts';
import { maxRemoteServers, type RemoteServer } from '#shared/contract/servers.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Hello } from '#shared/model.ts';
import { helloOf, openRemote, type RemoteAddress } from './remote-connection.ts';

/** Encrypts with a key of the system's, where there is one. */
export interface SecretBox {
  seal(secret: string): string;
  /** @throws when it was sealed elsewhere */
  open(sealed: string): string;
}

/** A token as it stands, or sealed by a `SecretBox`. */
const secretSchema = z.union([z.object({ token: z.string() }), z.object({ sealed: z.string() })]);
const fileSchema = z.object({
  servers: z.array(
    z.object({ id: z.string(), name: z.string(), url: z.url(), secret: secretSchema.optional() }),
  ),
});
type Entry = z.infer<typeof fileSchema>['servers'][number];

export class RemoteServers implements Disposable {
  readonly #path: string;
  readonly #secrets: SecretBox | undefined;
  readonly #open = new Map<WebSocket, string>();
  #entries: readonly Entry[] | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /** Nothing is read before somebody asks. */
  constructor(dataDir: string, secrets?: SecretBox) {
    this.#path = join(dataDir, 'servers.json');
    this.#secrets = secrets;
  }

  /** @throws SluiceError INVALID_INPUT when the file cannot be read */
  list(): readonly RemoteServer[] {
    return this.#read().map(({ id, name, url }) => ({ id, name, url }));
  }

  /**
   * Remembers a server that says hello.
   * @throws SluiceError INVALID_INPUT for what is no address, or one too many; and as `openRemote`
   */
  async add(
    name: string,
    address: string,
    token: string | undefined,
  ): Promise<{ readonly server: RemoteServer; readonly hello: Hello }> {
    const url = parseAddress(address);
    if (this.#read().length >= maxRemoteServers)
      throw new SluiceError('INVALID_INPUT', `${maxRemoteServers} servers are remembered: remove one first`);
    const hello = await helloOf({ url, token });
    const server = { id: randomBytes(9).toString('base64url'), name, url: url.href };
    const secret = token === undefined ? {} : { secret: this.#seal(token) };
    await this.#change((entries) => [...entries, { ...server, ...secret }].slice(0, maxRemoteServers));
    return { server, hello };
  }

  /** Forgets a server and ends the connections to it; false when there is none. */
  async remove(id: string): Promise<boolean> {
    const existed = this.#read().some((entry) => entry.id === id);
    if (existed) await this.#change((entries) => entries.filter((entry) => entry.id !== id));
    for (const [socket, owner] of this.#open) if (owner === id) socket.close();
    return existed;
  }

  /** Opens the console's socket of a server that is remembered. @throws SluiceError NOT_FOUND; and as `openRemote` */
  async connect(id: string): Promise<WebSocket> {
    const entry = this.#read().find((each) => each.id === id);
    if (!entry) throw new SluiceError('NOT_FOUND', 'this server is not remembered any more');
    const socket = await openRemote(this.#addressOf(entry));
    this.#open.set(socket, id);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }

  /** Ends all connections. */
  [Symbol.dispose](): void {
    for (const socket of this.#open.keys()) socket.terminate();
  }

  #read(): readonly Entry[] {
    return (this.#entries ??= readPrivate(this.#path, fileSchema)?.servers ?? []);
  }

  /** One change after another: none may be lost. */
  #change(change: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
    const changed = this.#writing.then(async () => {
      const servers = change(this.#read());
      await writePrivate(this.#path, { servers });
      this.#entries = servers;
    });
    this.#writing = changed.catch(() => undefined);
    return changed;
  }

  #seal(token: string): z.infer<typeof secretSchema> {
    return this.#secrets ? { sealed: this.#secrets.seal(token) } : { token };
  }

  #addressOf({ name, url, secret }: Entry): RemoteAddress {
    if (secret === undefined) return { url: new URL(url) };
    if ('token' in secret) return { url: new URL(url), token: secret.token };
    try {
      if (this.#secrets) return { url: new URL(url), token: this.#secrets.open(secret.sealed) };
    } catch {
      // Another user's key, or a new one: the token has to be given again.
    }
    throw new SluiceError(
      'FORBIDDEN',
      `the token for ${name} cannot be decrypted here: remove it, and add it again`,
    );
  }
}

/** @throws SluiceError INVALID_INPUT */
function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isHttp || url.username !== '' || url.password !== '' || url.search !== '')
    throw new SluiceError(
      'INVALID_INPUT',
      `${JSON.stringify(text.slice(0, 200))}: allowed is an http:// or https:// address, like https://host/tools/sluice`,
    );
  url.hash = '';
  // What one copies from the browser is the console's address.
  url.pathname = url.pathname.replace(/(\/console)?\/*$/, '/');
  return url;
}

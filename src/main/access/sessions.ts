/**
 * Sessions: a browser that has shown its token once has a cookie instead. They are bounded in number and in time, end
 * with their token, and outlive a restart: an operator leaves the console open. The file has hashes only.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readPrivate, writePrivate } from './private-file.ts';
import { digestOf } from './tokens.ts';

/** One more, and the oldest ends. */
export const maxSessions = 256;
export const sessionMilliseconds = 30 * 24 * 3_600_000;

const fileSchema = z.object({
  sessions: z.array(z.object({ sha256: z.string(), token: z.string(), expiresAt: z.number() })),
});
type Session = z.infer<typeof fileSchema>['sessions'][number];

export class Sessions {
  readonly #path: string;
  readonly #now: () => number;
  /** By digest, the oldest first. */
  #sessions: ReadonlyMap<string, Session>;
  #writing: Promise<void> = Promise.resolve();

  /** @throws SluiceError INVALID_INPUT when the file cannot be read */
  constructor(dataDir: string, now: () => number = Date.now) {
    this.#path = join(dataDir, 'sessions.json');
    this.#now = now;
    const kept = readPrivate(this.#path, fileSchema)?.sessions ?? [];
    this.#sessions = new Map(kept.map((session) => [session.sha256, session]));
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Begins a session of the token with this id. @returns what the cookie carries @throws SluiceError INVALID_INPUT */
  async begin(token: string): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const session = { sha256: digestOf(secret), token, expiresAt: this.#now() + sessionMilliseconds };
    const standing = [...this.#sessions.values()].filter(({ expiresAt }) => expiresAt > this.#now());
    await this.#keep([...standing, session].slice(-maxSessions));
    return secret;
  }

  /** The id of the token that the session was begun with, while it lasts. */
  tokenOf(secret: string): string | undefined {
    // Found by its digest: how long that takes says nothing about the secret.
    const session = this.#sessions.get(digestOf(secret));
    return session && session.expiresAt > this.#now() ? session.token : undefined;
  }

  async end(secret: string): Promise<void> {
    const digest = digestOf(secret);
    if (!this.#sessions.has(digest)) return;
    await this.#keep([...this.#sessions.values()].filter(({ sha256 }) => sha256 !== digest));
  }

  /** True at once; on disk when the promise resolves. */
  #keep(sessions: readonly Session[]): Promise<void> {
    this.#sessions = new Map(sessions.map((session) => [session.sha256, session]));
    const write = () => writePrivate(this.#path, { sessions: [...this.#sessions.values()] });
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}

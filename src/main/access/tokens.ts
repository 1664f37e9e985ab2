/**
 * Tokens: what lets somebody in, and as what. A token is 256 random bits, so its plain SHA-256 is as good as a slow
 * hash: nobody can try that many (docs/adr/0019). The data folder has the hashes; the tokens themselves are told once.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '#shared/errors.ts';
import { roles, type Role } from '#shared/vocabulary/live.ts';
import { readPrivate, writePrivate } from './private-file.ts';

/** Begins every token, so that people and scanners for secrets know one when they see it. */
const prefix = 'slu_';
const secretBytes = 32;
/** Whoever needs more is served better by a proxy that knows its users. */
const maxTokens = 100;

const recordSchema = z.object({
  id: z.string(),
  role: z.enum(roles),
  name: z.string().optional(),
  createdAt: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
/** A token without the token. */
export type TokenRecord = Readonly<z.infer<typeof recordSchema>>;

const fileSchema = z.object({
  /** Tells the cookies of servers on one host name apart. */
  server: z.string().regex(/^[0-9a-f]{8}$/),
  tokens: z.array(recordSchema),
});
type TokenFile = z.infer<typeof fileSchema>;

export interface NewToken {
  readonly record: TokenRecord;
  /** The only time that it is to be had. */
  readonly token: string;
}

/** Whether `text` is written like a token. */
export function isToken(text: string): boolean {
  return /^slu_[A-Za-z0-9_-]{43}$/.test(text);
}

export function newSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64url');
}

/** What is kept of a secret. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two digests in a time that does not depend on them. */
export function isSameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The tokens in `access.json` of a data folder. Another process may change it: what counts is what is there now. */
export class Tokens {
  readonly path: string;
  #file: TokenFile | undefined;
  #stamp = '';

  constructor(dataDir: string) {
    this.path = join(dataDir, 'access.json');
  }

  /** In the order in which they were added. @throws SluiceError INVALID_INPUT when the file cannot be read */
  list(): readonly TokenRecord[] {
    return this.#read()?.tokens ?? [];
  }

  /** The name of this server among those on one host; `undefined` before there is a token. @throws as `list` */
  get server(): string | undefined {
    return this.#read()?.server;
  }

  /** The record of a token. @throws as `list` */
  find(token: string): TokenRecord | undefined {
    const digest = digestOf(token);
    let found: TokenRecord | undefined;
    // All of them, whichever it is.
    for (const record of this.list()) if (isSameDigest(record.sha256, digest)) found = record;
    return found;
  }

  /** Makes a token. @throws SluiceError INVALID_INPUT when there are too many, or the file cannot be written */
  async add(role: Role, name?: string): Promise<NewToken> {
    const file = this.#read() ?? { server: randomBytes(4).toString('hex'), tokens: [] };
    if (file.tokens.length >= maxTokens)
      throw new SluiceError('INVALID_INPUT', `there are ${maxTokens} tokens: remove one first`);
    const token = newSecret();
    const record: TokenRecord = {
      id: randomBytes(4).toString('hex'),
      role,
      ...(name === undefined ? {} : { name }),
      createdAt: Date.now(),
      sha256: digestOf(token),
    };
    await writePrivate(this.path, { ...file, tokens: [...file.tokens, record] } satisfies TokenFile);
    return { record, token };
  }

  /** Removes a token; false when there is none with this id. @throws as `add` */
  async remove(id: string): Promise<boolean> {
    const file = this.#read();
    const tokens = file?.tokens.filter((record) => record.id !== id) ?? [];
    if (!file || tokens.length === file.tokens.length) return false;
    await writePrivate(this.path, { ...file, tokens } satisfies TokenFile);
    return true;
  }

  #read(): TokenFile | undefined {
    const stats = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    const stamp = stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs}` : '';
    if (stamp !== this.#stamp) {
      // What cannot be read is complained of once, and lets nobody in.
      this.#stamp = stamp;
      this.#file = undefined;
      this.#file = readPrivate(this.path, fileSchema);
    }
    return stats ? this.#file : undefined;
  }
}

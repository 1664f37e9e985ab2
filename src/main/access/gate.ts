/**
 * The gate: who is calling, and what they may do. Without required tokens everybody who reaches this server is its
 * operator, as on one's own machine; with them, a token or a session begun with one says which role.
 */
import { SluiceError } from '#shared/errors.ts';
import type { Role } from '#shared/vocabulary/live.ts';
import { Failures } from './failures.ts';
import { Sessions, sessionMilliseconds } from './sessions.ts';
import { digestOf, isSameDigest, isToken, newSecret, Tokens, type TokenRecord } from './tokens.ts';

/** What a request brings along. */
export interface Credentials {
  /** From `Authorization: Bearer`. */
  readonly bearer?: string | undefined;
  /** From this server's cookie. */
  readonly session?: string | undefined;
}

export interface Caller {
  readonly role: Role;
  /** `open`: no token is required. */
  readonly by: 'open' | 'bearer' | 'session';
}

/** A connection that lasts: it ends when what let it in does. */
interface Standing {
  readonly isValid: () => boolean;
  readonly end: () => void;
}

/** How often connections that last are looked at. */
const lookMilliseconds = 1000;

/** The tokens of a first start, one for each role. */
export interface FirstTokens {
  readonly operator: string;
  readonly viewer: string;
}

export interface GateOptions {
  readonly dataDir: string;
  readonly requireToken: boolean;
  /** The tokens cannot be read any more: nobody gets in before they can. */
  readonly onFault: (error: unknown) => void;
  readonly now?: () => number;
}

export class Gate implements Disposable {
  /** An operator's token that is nowhere but here: for what this process asks of itself. */
  readonly ownToken = newSecret();
  readonly #ownDigest = digestOf(this.ownToken);
  readonly #options: GateOptions;
  readonly #tokens: Tokens;
  readonly #sessions: Sessions | undefined;
  readonly #failures: Failures;
  readonly #standing = new Set<Standing>();
  readonly #looking: NodeJS.Timeout | undefined;

  /** @throws SluiceError INVALID_INPUT when there are tokens or sessions that cannot be read */
  constructor(options: GateOptions) {
    this.#options = options;
    this.#tokens = new Tokens(options.dataDir);
    this.#failures = new Failures(options.now);
    if (!options.requireToken) return;
    this.#tokens.list();
    this.#sessions = new Sessions(options.dataDir, options.now);
    this.#looking = setInterval(() => this.#look(), lookMilliseconds).unref();
  }

  /**
   * Makes the first tokens when tokens are required and there are none. Call it when the server listens: a start that
   * fails must not use up the one time that they are told. @throws SluiceError INVALID_INPUT
   */
  async makeFirstTokens(): Promise<FirstTokens | undefined> {
    if (!this.requiresToken || this.#tokens.list().length > 0) return undefined;
    const operator = await this.#tokens.add('operator', 'made at the first start');
    const viewer = await this.#tokens.add('viewer', 'made at the first start');
    return { operator: operator.token, viewer: viewer.token };
  }

  get requiresToken(): boolean {
    return this.#options.requireToken;
  }

  get cookieName(): string {
    return `sluice-${this.#safely(() => this.#tokens.server) ?? 'none'}`;
  }

  /** How long a session lasts at most, in seconds. */
  readonly sessionSeconds = sessionMilliseconds / 1000;

  /**
   * Who calls from `address`.
   * @throws SluiceError UNAUTHENTICATED; TOO_MANY_FAILURES for an address that has been wrong too often
   */
  judge({ bearer, session }: Credentials, address: string): Caller {
    if (!this.requiresToken) return { role: 'operator', by: 'open' };
    const known = session === undefined ? undefined : this.#roleOfSession(session);
    if (known !== undefined) return { role: known, by: 'session' };
    if (bearer !== undefined) return { role: this.#roleOfToken(bearer, address).role, by: 'bearer' };
    throw new SluiceError(
      'UNAUTHENTICATED',
      'this server wants a token: sign in, or set SLUICE_TOKEN, or send Authorization: Bearer',
    );
  }

  /** Begins a session. @throws SluiceError as `judge` */
  async signIn(token: string, address: string): Promise<{ readonly role: Role; readonly session: string }> {
    const { role, id } = this.#roleOfToken(token, address);
    if (!this.#sessions || id === undefined)
      throw new SluiceError('INVALID_INPUT', 'this server wants no token: nobody has to sign in');
    return { role, session: await this.#sessions.begin(id) };
  }

  /** Ends a session, and the connections that it let in. */
  async signOut(session: string): Promise<void> {
    await this.#sessions?.end(session);
    this.#look();
  }

  /** Calls `end` when the credentials count no more. Dispose of it when the connection has ended. */
  keep({ bearer, session }: Credentials, { by, role }: Caller, end: () => void): Disposable {
    const isValid = (): boolean => {
      if (by === 'session') return this.#roleOfSession(session ?? '') === role;
      return by === 'open' || this.#recordOf(bearer ?? '')?.role === role;
    };
    const standing = { isValid, end };
    this.#standing.add(standing);
    return { [Symbol.dispose]: () => void this.#standing.delete(standing) };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking);
  }

  #look(): void {
    for (const standing of this.#standing) {
      if (standing.isValid()) continue;
      this.#standing.delete(standing);
      standing.end();
    }
  }

  #roleOfToken(token: string, address: string): Pick<TokenRecord, 'role'> & { readonly id?: string } {
    const waitMs = this.#failures.waitMs(address);
    if (waitMs > 0) {
      throw new SluiceError(
        'TOO_MANY_FAILURES',
        `too many wrong tokens from ${address}: try again in ${Math.ceil(waitMs / 1000)} s`,
        { retryAfterMs: waitMs },
      );
    }
    const record = this.#recordOf(token);
    if (record) return record;
    this.#failures.note(address);
    const why = isToken(token)
      ? 'this token is not known here; it may have been removed'
      : 'this is no token of Sluice';
    throw new SluiceError('UNAUTHENTICATED', why);
  }

  #recordOf(token: string): (Pick<TokenRecord, 'role'> & { readonly id?: string }) | undefined {
    if (isSameDigest(digestOf(token), this.#ownDigest)) return { role: 'operator' };
    return this.#safely(() => this.#tokens.find(token));
  }

  #roleOfSession(secret: string): Role | undefined {
    const id = this.#sessions?.tokenOf(secret);
    if (id === undefined) return undefined;
    return this.#safely(() => this.#tokens.list())?.find((record) => record.id === id)?.role;
  }

  #safely<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#options.onFault(error);
      return undefined;
    }
  }
}

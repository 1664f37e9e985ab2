/**
 * Whether the server lets this page in, asked before each attempt to connect: a socket that is refused cannot say why.
 * A token in the address (`#t=…`) is taken out of it at once and exchanged for a cookie that no script can read.
 *
 * In the desktop window there is nothing to ask: its port is the operator's.
 */
import type { Role } from '#shared/vocabulary/live.ts';
import { Signal } from '../state/signal.ts';

export type AdmissionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'admitted'; readonly role: Role; readonly by: 'open' | 'session' }
  /** A token is wanted. `problem`: what was wrong with the last one. */
  | { readonly kind: 'signed-out'; readonly problem?: string }
  /** It is not let in whoever it is: a proxy, a name or a header is wrong, and the sentence says which. */
  | { readonly kind: 'refused'; readonly sentence: string };

/** A page that is refused asks again by itself, in milliseconds: somebody may be mending the proxy. */
const againMs = 10_000;
/** Sockets that never open although the server lets the page in, until the way between counts as broken. */
const maxBlocked = 3;
const blocked =
  'The page gets through, but its WebSocket does not: a proxy in between has to pass on the header fields Upgrade and Connection, with HTTP/1.1.';

export class Admission {
  readonly changed = new Signal(0);
  readonly #url: () => string;
  readonly #ask: typeof fetch;
  #state: AdmissionState = { kind: 'unknown' };
  #token: string | undefined;
  #asking: Promise<void> | undefined;
  #blocked = 0;
  #wake = (): void => undefined;

  constructor(url: () => string, ask: typeof fetch) {
    this.#url = url;
    this.#ask = ask;
  }

  get state(): AdmissionState {
    return this.#state;
  }

  /** Signs in with this token at the next attempt. */
  offer(token: string | undefined): void {
    this.#token = token;
  }

  /** Resolves when connecting may be tried: the page is let in, or nobody answers, which the socket will tell. */
  passed(): Promise<void> {
    if (this.#state.kind === 'admitted') return Promise.resolve();
    this.#asking ??= this.#untilPassed().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Tries a token now. */
  signIn(token: string): void {
    this.#token = token;
    this.#wake();
  }

  retry(): void {
    this.#wake();
  }

  /** Ends the session. The server closes what it let in. */
  async signOut(): Promise<void> {
    await this.#ask(this.#url(), { method: 'DELETE' }).catch(() => undefined);
    this.#become({ kind: 'signed-out' });
  }

  opened(): void {
    this.#blocked = 0;
  }

  /** A socket has closed: the next attempt asks first. */
  closed(wasOpen: 'opened' | 'never opened'): void {
    if (wasOpen === 'never opened' && this.#state.kind === 'admitted') this.#blocked += 1;
    if (this.#state.kind === 'admitted') this.#become({ kind: 'unknown' });
  }

  async #untilPassed(): Promise<void> {
    while (await this.#isHeldBack()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#state.kind === 'refused') setTimeout(resolve, againMs);
      });
      this.#blocked = 0;
    }
  }

  async #isHeldBack(): Promise<boolean> {
    const token = this.#token;
    this.#token = undefined;
    if (token === undefined && this.#state.kind === 'signed-out') return true;
    let answer: Response;
    try {
      answer = await this.#ask(this.#url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      });
    } catch {
      // A token is not lost because the server was not there.
      this.#token = token;
      this.#become({ kind: 'unknown' });
      return false;
    }
    this.#become(await this.#judge(answer, token));
    return this.#state.kind !== 'admitted' && this.#state.kind !== 'unknown';
  }

  async #judge(answer: Response, token: string | undefined): Promise<AdmissionState> {
    const { role, by, message } = await bodyOf(answer);
    if (answer.ok && (role === 'viewer' || role === 'operator')) {
      if (this.#blocked >= maxBlocked) return { kind: 'refused', sentence: blocked };
      return { kind: 'admitted', role, by: by === 'session' ? 'session' : 'open' };
    }
    const sentence =
      typeof message === 'string' ? message : `the answer was ${answer.status} ${answer.statusText}`;
    if (answer.status === 401 && token === undefined) return { kind: 'signed-out' };
    if (answer.status === 401 || answer.status === 429) return { kind: 'signed-out', problem: sentence };
    if (answer.status === 403) return { kind: 'refused', sentence };
    // Somebody else answers, or the server cannot: as if nobody did.
    return { kind: 'unknown' };
  }

  #become(state: AdmissionState): void {
    this.#state = state;
    this.changed.touch();
  }
}

/** What a server of ours answers; of anybody else, nothing. */
async function bodyOf(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await answer.json().catch(() => undefined);
  return Object(body) as Readonly<Record<string, unknown>>;
}

/** The page's own. In the desktop window nobody is asked. */
export const theAdmission = new Admission(
  () => new URL('../session', document.baseURI).href,
  (...request) =>
    window.sluiceDesktop === true
      ? Promise.resolve(Response.json({ role: 'operator', by: 'open' }))
      : fetch(...request),
);

const tokenPattern = /^#t=(.+)$/;

/** Whether there is a token in the address, to be taken out of it when the page is loaded. */
export function hasToken({ hash }: Pick<Location, 'hash'>): boolean {
  return tokenPattern.test(hash);
}

/** Takes a token out of the address, so that it is neither bookmarked nor seen. */
export function takeToken(location: Location, history: History): string | undefined {
  const token = tokenPattern.exec(location.hash)?.[1];
  if (token === undefined) return undefined;
  history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  return token;
}

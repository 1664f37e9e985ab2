/**
 * One request and its answer, watched closely: every phase is timed and limited, every byte counted, nothing followed,
 * nothing decompressed. A body is read up to a limit and then broken off, so that it costs next to nothing however
 * large it is.
 */
import { request as requestPlain, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import type { LabTiming } from '#shared/lab-model.ts';
import type { Destination } from './reach.ts';

export interface ProbeRequest {
  readonly url: URL;
  readonly method: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly destination: Destination;
  /** The body is broken off beyond this. */
  readonly limitBytes: number;
  /** Called with the fields of the answer, before its body. */
  readonly onFields?: (fields: ProbeAnswer['fields']) => void;
  /** Called with each piece of the body. */
  readonly onBytes?: (bytes: Uint8Array) => void;
}

export interface ProbeAnswer {
  readonly status: number;
  readonly reason: string;
  /** Names as they came. */
  readonly fields: readonly (readonly [string, string])[];
  /** The request as it went out. */
  readonly sent: readonly (readonly [string, string])[];
  readonly bodyBytes: number;
  readonly ended: 'whole' | 'limit' | 'broken off';
  readonly failure?: string | undefined;
  readonly timing: LabTiming;
}

/** The longest that any one phase may take, and the longest silence within a body. */
const phaseMs = 15_000;
/** The longest that a body may take in all, however steadily it drips. */
const bodyMs = 60_000;

/**
 * Sends the request and reads its answer.
 * @throws SluiceError STORE_UNAVAILABLE, STORE_STALLED, STORE_MISBEHAVED when no head arrives; ABORTED
 */
export async function exchange(probe: ProbeRequest, signal: AbortSignal): Promise<ProbeAnswer> {
  if (signal.aborted) throw cancelled(signal);
  const { url, method, fields, destination } = probe;
  const start: typeof requestPlain = url.protocol === 'https:' ? requestSecure : requestPlain;
  const startedAt = performance.now();
  const request = start(url, {
    method,
    signal,
    agent: false,
    lookup: lookupOf(destination),
    headers: Object.fromEntries(fields),
  });
  const clock = new Clock(request, url, startedAt);
  try {
    const answer = await headOf(request);
    clock.enter('body', request);
    const received = pairs(answer.rawHeaders);
    probe.onFields?.(received);
    const body = await bodyOf(answer, probe);
    return {
      status: answer.statusCode ?? 0,
      reason: answer.statusMessage ?? '',
      fields: received,
      sent: sentFields(request),
      ...body,
      timing: clock.timing(destination.lookupMs),
    };
  } catch (error) {
    request.destroy();
    throw asFailure(error, url, signal);
  } finally {
    clock.stop();
  }
}

/** The address that was checked, whatever the name says by now. */
function lookupOf({ address, family }: Destination): LookupFunction {
  return (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

type Phase = 'connect' | 'tls' | 'head' | 'body';

/** Times the phases of a request, and ends it when one takes too long. */
class Clock {
  readonly #url: URL;
  readonly #startedAt: number;
  readonly #took: Partial<Record<Phase, number>> = {};
  #phase: Phase = 'connect';
  #phaseAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: ClientRequest, url: URL, startedAt: number) {
    this.#url = url;
    this.#startedAt = startedAt;
    this.#phaseAt = startedAt;
    this.#watch(request);
    request.once('socket', (socket) => {
      const secure = url.protocol === 'https:';
      socket.once('connect', () => this.enter(secure ? 'tls' : 'head', request));
      socket.once('secureConnect', () => this.enter('head', request));
    });
  }

  enter(phase: Phase, request: ClientRequest): void {
    const now = performance.now();
    this.#took[this.#phase] = now - this.#phaseAt;
    this.#phase = phase;
    this.#phaseAt = now;
    this.#watch(request);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  timing(lookupMs: number | undefined): LabTiming {
    const now = performance.now();
    const { connect, tls, head = 0 } = this.#took;
    return {
      ...(lookupMs !== undefined && { lookupMs }),
      ...(connect !== undefined && { connectMs: connect }),
      ...(tls !== undefined && { tlsMs: tls }),
      firstByteMs: head,
      bodyMs: now - this.#phaseAt,
      totalMs: now - this.#startedAt + (lookupMs ?? 0),
    };
  }

  #watch(request: ClientRequest): void {
    clearTimeout(this.#timer);
    const limitMs = this.#phase === 'body' ? bodyMs : phaseMs;
    const words = phaseWords[this.#phase];
    this.#timer = setTimeout(() => {
      const message = `${this.#url.host} ${words} within ${limitMs / 1000} s`;
      request.destroy(new SluiceError('STORE_STALLED', message));
    }, limitMs);
  }
}

const phaseWords: Readonly<Record<Phase, string>> = {
  connect: 'took no connection',
  tls: 'did not agree on TLS',
  head: 'did not answer',
  body: 'did not end its answer',
};

function headOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('upgrade', (_message, socket) => {
      socket.destroy();
      reject(new SluiceError('STORE_MISBEHAVED', 'the answer changes the protocol'));
    });
    request.on('error', reject);
    request.end();
  });
}

type Body = Pick<ProbeAnswer, 'bodyBytes' | 'ended' | 'failure'>;

/** Never rejects: a head was read, so what became of the body is part of the answer. */
function bodyOf(answer: IncomingMessage, { limitBytes, onBytes }: ProbeRequest): Promise<Body> {
  return new Promise((resolve) => {
    let bodyBytes = 0;
    const finish = (ended: Body['ended'], failure?: string): void => resolve({ bodyBytes, ended, failure });
    answer.setTimeout(phaseMs, () => answer.destroy(new Error(`silent for ${phaseMs / 1000} s`)));
    answer.on('data', (bytes: Buffer) => {
      const kept = bytes.subarray(0, limitBytes - bodyBytes);
      bodyBytes += kept.length;
      onBytes?.(kept);
      if (kept.length === bytes.length) return;
      finish('limit');
      answer.destroy();
    });
    answer.on('end', () => finish('whole'));
    answer.on('error', (error) => finish('broken off', brokenOff(error)));
    answer.on('close', () => finish('broken off', 'the connection was closed before the end'));
  });
}

function brokenOff(error: Error): string {
  if (isSluiceError(error)) return error.message;
  return error.message === 'aborted' ? 'the connection was closed before the end' : error.message;
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ]);
}

function sentFields(request: ClientRequest): readonly (readonly [string, string])[] {
  return request.getRawHeaderNames().map((name) => [name, String(request.getHeader(name))]);
}

function cancelled(signal: AbortSignal): SluiceError {
  return new SluiceError('ABORTED', 'cancelled', { cause: signal.reason });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'does not answer: nothing listens there',
  ECONNRESET: 'broke off the connection without an answer',
  EPIPE: 'broke off the connection without an answer',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'does not answer',
  EPROTO: 'does not speak TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS there',
};

function asFailure(error: unknown, url: URL, signal: AbortSignal): SluiceError {
  if (signal.aborted) return cancelled(signal);
  if (isSluiceError(error)) return error;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code.startsWith('HPE_')) {
    const message = `${url.host} sent what is no HTTP answer (${messageOf(error)})`;
    return new SluiceError('STORE_MISBEHAVED', message, { cause: error });
  }
  const reason = reasons[code] ?? `failed (${messageOf(error)})`;
  return new SluiceError('STORE_UNAVAILABLE', `${url.host} ${reason}`, { cause: error });
}

/**
 * Sends alerts to one URL: JSON by POST, signed, tried four times, in order. Only that URL is ever asked: a redirect
 * is a failure. While the other side does not answer at most 50 wait; the oldest are given up and counted.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '#shared/alert-model.ts';
import type { WebhookState } from '#shared/contract/alerts.ts';
import { messageOf } from '#shared/errors.ts';

const maxWaiting = 50;
const answerMs = 10_000;
const defaultBackoffMs = [1000, 4000, 16_000] as const;

export interface WebhookOptions {
  readonly url: string;
  /** Signs what is sent; without it nothing is signed. */
  readonly secret?: string | undefined;
  /** What is told beside the alert. */
  readonly server: () => { readonly url: string; readonly version: string };
  readonly onTrouble: (message: string, details: object) => void;
  /** For tests: how long it waits before each further try. */
  readonly backoffMs?: readonly number[];
}

export class Webhook implements Disposable {
  readonly #options: WebhookOptions;
  readonly #waiting: Alert[] = [];
  readonly #end = new AbortController();
  #isSending = false;
  #sent = 0;
  #failed = 0;
  #lastError: string | undefined;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  get state(): WebhookState {
    return {
      // A path or a query may be what lets somebody in.
      origin: new URL(this.#options.url).origin,
      isSigned: this.#options.secret !== undefined,
      sent: this.#sent,
      failed: this.#failed,
      waiting: this.#waiting.length,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** Queues an alert; returns at once. */
  send(alert: Alert): void {
    this.#waiting.push(alert);
    if (this.#waiting.length > maxWaiting) {
      this.#waiting.shift();
      this.#failed += 1;
    }
    if (!this.#isSending) void this.#work();
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  async #work(): Promise<void> {
    this.#isSending = true;
    for (let alert = this.#waiting[0]; alert && !this.#end.signal.aborted; alert = this.#waiting[0]) {
      this.#waiting.shift();
      await this.#deliver(alert);
    }
    this.#isSending = false;
  }

  async #deliver(alert: Alert): Promise<void> {
    const body = JSON.stringify({ event: `alert.${alert.state}`, alert, server: this.#options.server() });
    const { backoffMs = defaultBackoffMs } = this.#options;
    const { signal } = this.#end;
    for (let attempt = 0; attempt <= backoffMs.length && !signal.aborted; attempt += 1) {
      try {
        if (attempt > 0) await sleep(backoffMs[attempt - 1], undefined, { signal, ref: false });
        await this.#post(alert, body);
        this.#sent += 1;
        this.#lastError = undefined;
        return;
      } catch (error) {
        this.#lastError = reasonOf(error);
      }
    }
    if (signal.aborted) return;
    this.#failed += 1;
    this.#options.onTrouble(`an alert did not reach the webhook (${this.#lastError})`, { rule: alert.rule });
  }

  async #post(alert: Alert, body: string): Promise<void> {
    const { url, secret } = this.#options;
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'sluice',
        // The same for each try: whoever receives it twice can tell.
        'x-sluice-delivery': `${alert.id}.${alert.state}`,
        'x-sluice-timestamp': timestamp,
        ...(secret === undefined ? {} : { 'x-sluice-signature': signatureOf(secret, timestamp, body) }),
      },
      signal: AbortSignal.any([this.#end.signal, AbortSignal.timeout(answerMs)]),
    });
    await response.body?.cancel();
    if (response.status < 200 || response.status > 299)
      throw new Error(`it answered ${response.status || 'with a redirect'}`);
  }
}

/** `sha256=` and the HMAC of `TIMESTAMP.BODY` in hex: a copy that is sent again later has an old time. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** `fetch failed` says nothing; its cause does, and never has the URL in it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : messageOf(cause).slice(0, 200);
}

/**
 * What the server records, and what it has noticed: read once a second while somebody sees the page, and every five
 * seconds otherwise, so that an alert is heard of all the same. Alerts and marks come only when there are new ones.
 */
import type { Alert } from '#shared/alert-model.ts';
import type { WebhookState } from '#shared/contract/alerts.ts';
import type { RecorderState } from '#shared/recording/model.ts';
import type { Mark } from '#shared/recording/records.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import { type Follower, inTime } from '../rpc/follow.ts';
import { type Flags, flagsOf } from './flags.ts';
import { Signal } from './signal.ts';

const seenMs = 1000;
const hiddenMs = 5000;

/** What an answer about alerts adds to what is known; `first`: it is the first of its connection. */
export type HearAlerts = (alerts: readonly Alert[], now: number, turn: 'first' | 'later') => void;

export interface RecorderStoreOptions {
  readonly call: Follower['call'];
  /** Where charts find what happened when. */
  readonly flags: Flags;
  readonly onAlerts: HearAlerts;
}

export class RecorderStore {
  readonly changed = new Signal(0);
  readonly #options: RecorderStoreOptions;
  #state: RecorderState | undefined;
  #at = 0;
  #alerts: readonly Alert[] = [];
  #alertsVersion: number | undefined;
  #webhook: WebhookState | undefined;
  #marks: readonly Mark[] = [];
  #marksVersion: number | undefined;
  #isWatching = false;
  #wake = (): void => undefined;

  constructor(options: RecorderStoreOptions) {
    this.#options = options;
  }

  /** `undefined` until the server has said, and where nothing is recorded. */
  get state(): RecorderState | undefined {
    return this.#state;
  }

  /** The server's time of what is known of alerts; 0 before. */
  get at(): number {
    return this.#at;
  }

  /** The newest first. */
  get alerts(): readonly Alert[] {
    return this.#alerts;
  }

  /** Grows with each change, also of the rules; `undefined` until the server has said. */
  get alertsVersion(): number | undefined {
    return this.#alertsVersion;
  }

  get webhook(): WebhookState | undefined {
    return this.#webhook;
  }

  /** Whether the server has rules at all. */
  get isWatching(): boolean {
    return this.#isWatching;
  }

  /** Reads until the returned function is called. Versions begin anew: it may be another run of the server. */
  follow(): () => void {
    this.#alertsVersion = undefined;
    this.#marksVersion = undefined;
    const stopping = new AbortController();
    void this.#readOn(stopping.signal);
    return () => {
      stopping.abort();
      this.#wake();
    };
  }

  /** Reads at once: something has been changed from here. */
  readonly refresh = (): void => this.#wake();

  async #readOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await Promise.all([
        this.#readAlerts(),
        ...(document.hidden ? [] : [this.#readState(), this.#readMarks()]),
      ]);
      if (signal.aborted) return;
      this.changed.touch();
      await this.#pause();
    }
  }

  async #readState(): Promise<void> {
    this.#state = await this.#ask((client) => client.recordings.state());
  }

  async #readAlerts(): Promise<void> {
    const seen = this.#alertsVersion;
    const input = seen === undefined ? {} : { seen };
    const answer = await this.#ask((client) => client.alerts.list(input));
    this.#isWatching = answer !== undefined;
    if (!answer) return;
    this.#at = answer.at;
    this.#webhook = answer.webhook;
    if (answer.version === seen) return;
    this.#alerts = answer.alerts;
    this.#alertsVersion = answer.version;
    this.#raise();
    this.#options.onAlerts(answer.alerts, answer.at, seen === undefined ? 'first' : 'later');
  }

  async #readMarks(): Promise<void> {
    const seen = this.#marksVersion;
    const answer = await this.#ask((client) => client.recordings.marks(seen === undefined ? {} : { seen }));
    if (!answer || answer.version === seen) return;
    this.#marks = answer.marks;
    this.#marksVersion = answer.version;
    this.#raise();
  }

  #raise(): void {
    this.#options.flags.set(flagsOf(this.#alerts, this.#marks));
  }

  /** `undefined` where it is refused or does not come: what is known stays, and the connection has its own notice. */
  async #ask<T>(work: (client: ConsoleClient) => Promise<T>): Promise<T | undefined> {
    try {
      return await inTime(this.#options.call(work));
    } catch {
      return undefined;
    }
  }

  /** Sooner when the page is shown again. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', finish);
        resolve();
      };
      const timer = setTimeout(finish, document.hidden ? hiddenMs : seenMs);
      document.addEventListener('visibilitychange', finish);
      this.#wake = finish;
    });
  }
}

/**
 * What somebody who was not looking should know: a bounded list, newest first. What repeats itself is counted, not
 * listed again. `notify` is for every view.
 */
import type { Footprint } from './footprint.ts';
import { Signal } from './signal.ts';

/** The oldest leave when there are more. */
export const maxNotices = 100;
const longestTitle = 120;
const longestBody = 400;
/** Alerts may follow each other no faster than this, in milliseconds; the list has them all. */
const alertIntervalMs = 10_000;

/** `alert`: something is wrong now. `failed`: something that was asked for did not work out. */
export type NoticeKind = 'info' | 'done' | 'failed' | 'alert';

export interface NoticeInput {
  readonly kind: NoticeKind;
  /** What happened, in a few words. */
  readonly title: string;
  /** A sentence or two more. */
  readonly body?: string;
  /** What has the same is the same matter: counted, and moved to the top. Default: the title. */
  readonly matter?: string;
  /** Where it can be seen: an address from `placeHash`. */
  readonly href?: string;
  /** What going there does, in a word, for a link in the announcement; none without it. */
  readonly action?: string;
}

export interface Notice extends NoticeInput {
  readonly id: number;
  readonly matter: string;
  /** The first and the newest time, in milliseconds since the epoch. */
  readonly firstAt: number;
  readonly at: number;
  readonly count: number;
  readonly isRead: boolean;
}

export class Notifications {
  readonly changed = new Signal(0);
  readonly #announced = new Set<(notice: Notice) => void>();
  #notices: readonly Notice[] = [];
  #nextId = 1;
  #alertedAt = Number.NEGATIVE_INFINITY;

  get list(): readonly Notice[] {
    return this.#notices;
  }

  get unread(): number {
    return this.#notices.filter(({ isRead }) => !isRead).length;
  }

  get footprint(): Footprint {
    const noticeBytes = (longestTitle + longestBody) * 4;
    return { usedBytes: this.#notices.length * noticeBytes, limitBytes: maxNotices * noticeBytes };
  }

  /** Adds to the list, and announces it unless it is an alert too soon after another. */
  notify(input: NoticeInput, now: number = Date.now()): void {
    const notice = this.#add(input, now);
    if (!this.#mayAnnounce(notice.kind, now)) return;
    for (const announce of this.#announced) announce(notice);
  }

  /** Adds to the list what happened at `at`, and announces nothing. */
  keep(input: NoticeInput, at: number): void {
    this.#add(input, at);
  }

  #add(input: NoticeInput, now: number): Notice {
    const matter = input.matter ?? input.title;
    const before = this.#notices.find((each) => each.matter === matter);
    const notice: Notice = {
      ...input,
      title: shortened(input.title, longestTitle),
      ...(input.body === undefined ? {} : { body: shortened(input.body, longestBody) }),
      matter,
      id: before?.id ?? this.#nextId++,
      firstAt: before?.firstAt ?? now,
      at: now,
      count: (before?.count ?? 0) + 1,
      isRead: false,
    };
    this.#notices = [notice, ...this.#notices.filter((each) => each !== before)].slice(0, maxNotices);
    this.changed.touch();
    return notice;
  }

  /** Tells of what is announced, as it comes. */
  onAnnounced(announce: (notice: Notice) => void): () => void {
    this.#announced.add(announce);
    return () => this.#announced.delete(announce);
  }

  dismiss(id: number): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    this.changed.touch();
  }

  dismissAll(): void {
    this.#notices = [];
    this.changed.touch();
  }

  markAllRead(): void {
    this.#notices = this.#notices.map((notice) => ({ ...notice, isRead: true }));
    this.changed.touch();
  }

  #mayAnnounce(kind: NoticeKind, now: number): boolean {
    if (kind !== 'alert') return true;
    if (now - this.#alertedAt < alertIntervalMs) return false;
    this.#alertedAt = now;
    return true;
  }
}

export const theNotifications: Notifications = new Notifications();

/** Tells whoever uses the console. */
export function notify(input: NoticeInput): void {
  theNotifications.notify(input);
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

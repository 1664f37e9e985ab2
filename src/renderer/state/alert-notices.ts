/**
 * Alerts as notices: each that fires is told once, however often it is heard of. What had fired before this console came
 * is in the list and not announced: whoever opens a console is not met by ten announcements.
 */
import type { Alert } from '#shared/alert-model.ts';
import { alertRuleFacts } from '#shared/vocabulary/alerts.ts';
import type { NoticeInput, Notifications } from './notifications.ts';
import { placeHash } from './place.ts';

/** Older ones are nobody's news, in milliseconds. */
const newsMs = 10 * 60_000;
/** Alerts that are remembered as told: more than a server remembers. */
const maxTold = 1000;

export class AlertNotices {
  readonly #notifications: Pick<Notifications, 'notify' | 'keep'>;
  readonly #told = new Set<string>();

  constructor(notifications: Pick<Notifications, 'notify' | 'keep'>) {
    this.#notifications = notifications;
  }

  /** `now` is the server's time; `first`: what has fired until now. The newest alert comes first. */
  hear(alerts: readonly Alert[], now: number, turn: 'first' | 'later'): void {
    for (const alert of alerts.toReversed()) {
      if (this.#told.has(alert.id)) continue;
      this.#told.add(alert.id);
      if (now - alert.at > newsMs) continue;
      if (turn === 'first') this.#notifications.keep(noticeOf(alert), alert.at);
      else this.#notifications.notify(noticeOf(alert));
    }
    for (const oldest of this.#told) {
      if (this.#told.size <= maxTold) return;
      this.#told.delete(oldest);
    }
  }
}

function noticeOf({ id, rule, text }: Alert): NoticeInput {
  return {
    kind: 'alert',
    title: alertRuleFacts[rule].label,
    body: text,
    matter: `alert:${id}`,
    href: placeHash('incidents', 'alerts'),
    action: 'Show',
  };
}

/** What happened at an instant that charts of time show: alerts that fired, and marks that somebody has put. */
import type { Alert } from '#shared/alert-model.ts';
import type { Mark } from '#shared/recording/records.ts';
import { alertRuleFacts, maxAlerts } from '#shared/vocabulary/alerts.ts';
import type { Footprint } from './footprint.ts';

export interface Flag {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'alert' | 'mark';
  /** An alert that is not over. */
  readonly isFiring: boolean;
  /** What it says, in a few words. */
  readonly text: string;
}

/** The newest of them. */
const maxFlags = maxAlerts + 100;
const longestText = 80;

export class Flags {
  #list: readonly Flag[] = [];

  /** In the order of their times. */
  get list(): readonly Flag[] {
    return this.#list;
  }

  get footprint(): Footprint {
    const flagBytes = longestText * 2 + 48;
    return { usedBytes: this.#list.length * flagBytes, limitBytes: maxFlags * flagBytes };
  }

  /** These instead of those that were there. */
  set(flags: readonly Flag[]): void {
    this.#list = flags.toSorted((a, b) => a.at - b.at).slice(-maxFlags);
  }

  /** Those in `[from, to]`, in milliseconds since the epoch. */
  between(from: number, to: number): readonly Flag[] {
    return this.#list.filter(({ at }) => at >= from && at <= to);
  }
}

export function flagsOf(alerts: readonly Alert[], marks: readonly Mark[]): readonly Flag[] {
  return [
    ...alerts.map(({ at, rule, state }): Flag => ({
      at,
      kind: 'alert',
      isFiring: state === 'firing',
      text: alertRuleFacts[rule].label,
    })),
    ...marks.map(({ at, note }): Flag => ({ at, kind: 'mark', isFiring: false, text: shortNote(note) })),
  ];
}

function shortNote(note: string): string {
  const [line = ''] = note.trim().split('\n');
  if (line === '') return 'mark';
  return line.length <= longestText ? line : `${line.slice(0, longestText - 1)}…`;
}

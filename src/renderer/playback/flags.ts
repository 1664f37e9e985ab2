/** What stands out in a recording: alerts and marks, each at its time. */
import type { RecordingEvent } from '#shared/recording/records.ts';
import { alertRuleFacts } from '#shared/vocabulary/alerts.ts';

export interface Flag {
  readonly id: string;
  readonly kind: 'alert' | 'mark';
  readonly at: number;
  /** In a few words, and in a sentence. */
  readonly title: string;
  readonly text: string;
}

/** In the order of their times; an alert once, at the time at which it fired. */
export function flagsOf(events: readonly RecordingEvent[]): readonly Flag[] {
  const flags = new Map<string, Flag>();
  for (const event of events) {
    if (event.kind === 'mark') {
      const { id, at, note } = event.mark;
      flags.set(`mark ${id}`, { id, kind: 'mark', at, title: 'Mark', text: note });
      continue;
    }
    const { id, at, rule, text } = event.alert;
    flags.set(`alert ${id}`, { id, kind: 'alert', at, title: alertRuleFacts[rule].label, text });
  }
  return [...flags.values()].toSorted((a, b) => a.at - b.at);
}

/** A flag nearer than this counts as where one is, in milliseconds: flags are gone to from a frame beside them. */
const nearMs = 250;

/** The next flag after an instant (1), or the last before it (-1). */
export function flagFrom(flags: readonly Flag[], at: number, direction: -1 | 1): Flag | undefined {
  return direction > 0
    ? flags.find((flag) => flag.at > at + nearMs)
    : flags.findLast((flag) => flag.at < at - nearMs);
}

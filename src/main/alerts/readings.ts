/** From frames to what each rule looks at: its value at this instant, and the sentence that goes with it. */
import type { AlertRule } from '#shared/vocabulary/alerts.ts';
import type { Frame } from '#shared/model.ts';
import { formatBytes, formatCount, formatDuration } from '#shared/units.ts';

export interface Reading {
  readonly value: number;
  readonly text: string;
}

/** `undefined` for a rule that has nothing to look at now. */
export type Readings = Readonly<Record<AlertRule, Reading | undefined>>;

const burstMs = 10_000;

export class AlertReadings {
  /** When requests ended with 412 or 416, and how many, of the last ten seconds. */
  readonly #refused: { readonly at: number; readonly count: number }[] = [];

  of(frame: Frame): Readings {
    const { memory, engine, lanes } = frame;
    return {
      'client-bound': blocked(lanes),
      'over-budget': {
        value: memory.ledgerBytes - memory.budgetBytes,
        text: `the ledger has ${formatBytes(memory.ledgerBytes)}, and the budget is ${formatBytes(memory.budgetBytes)}: a bug of Sluice`,
      },
      unaccounted: given(
        engine.unaccountedBytes,
        (bytes) => `${formatBytes(bytes)} of array buffers are not in the ledger`,
      ),
      'refused-ranges': this.#burst(frame),
      // The figure is of the last answers; while nothing is asked it only grows old.
      'store-first-byte': given(
        engine.store.active > 0 ? engine.store.firstByteMs?.p95 : undefined,
        (p95) => `one answer of the store in twenty takes ${formatDuration(p95)} or more to its first byte`,
      ),
      'loop-delay': given(
        engine.loopDelayMs?.p99,
        (p99) => `the event loop is ${formatDuration(p99)} late once in a hundred times`,
      ),
      'memory-limit': nearLimit(memory),
    };
  }

  #burst({ at, requests }: Frame): Reading {
    const count = requests.filter(({ status }) => status === 412 || status === 416).length;
    if (count > 0) this.#refused.push({ at, count });
    while ((this.#refused[0]?.at ?? at) < at - burstMs) this.#refused.shift();
    const value = this.#refused.reduce((sum, each) => sum + each.count, 0);
    return { value, text: `${formatCount(value)} requests in 10 seconds ended with 412 or 416` };
  }
}

function blocked(lanes: Frame['lanes']): Reading | undefined {
  const worst = lanes.toSorted((a, b) => b.blockedMs - a.blockedMs)[0];
  if (!worst) return undefined;
  const { blockedMs, client, object, heldBytes } = worst;
  const took = `${client} has taken nothing of ${object.slice(-120)} for ${formatDuration(blockedMs)}`;
  return { value: blockedMs, text: `${took}; ${formatBytes(heldBytes)} are held for it` };
}

function nearLimit({ rssBytes, limitBytes, limitSource }: Frame['memory']): Reading | undefined {
  if (rssBytes === undefined || limitBytes === undefined || limitBytes === 0) return undefined;
  const of = limitSource === 'cgroup' ? 'what its group may use' : 'what the machine has';
  return {
    value: (100 * rssBytes) / limitBytes,
    text: `the process uses ${formatBytes(rssBytes)} of ${formatBytes(limitBytes)}, ${of}`,
  };
}

function given(value: number | undefined, text: (value: number) => string): Reading | undefined {
  return value === undefined ? undefined : { value, text: text(value) };
}

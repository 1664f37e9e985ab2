/**
 * The board shows the transfers in progress, to whoever wants to look: the console's lanes and the metrics. It looks
 * at them from the side; nothing waits for it.
 */
import { RateMeter } from '#main/flow/rate.ts';
import type { Lane, Slot } from '#shared/model.ts';
import type { Diagnosis } from '#shared/vocabulary/live.ts';
import { DiagnosisHistory, lookIntervalMs } from './diagnosis.ts';
import type { Transfer } from './transfer.ts';
import type { Transfers } from './transfers.ts';

/** A client that has taken nothing for so long takes nothing, whatever its pace was. */
const stuckMs = 1000;
/** A path beyond this is not shown: cut off it would lead elsewhere. */
const maxPathLength = 1024;

/** What the board remembers of one transfer. */
class Sight {
  readonly transfer: Transfer;
  readonly #history = new DiagnosisHistory();
  readonly #in = new RateMeter();
  readonly #out = new RateMeter();
  #arrivedBytes = 0;
  #sentBytes = 0;

  constructor(transfer: Transfer) {
    this.transfer = transfer;
  }

  get diagnosis(): Diagnosis {
    return this.#history.diagnosis;
  }

  get outBytesPerSecond(): number {
    return this.#out.bytesPerSecond();
  }

  look(): void {
    const { outlet, awaited } = this.transfer;
    this.#history.add({
      slots: this.#slots(),
      blockedMs: outlet.blockedMs,
      isWaiting: awaited !== undefined,
    });
    const arrived = outlet.sentBytes + this.#aheadBytes();
    // Less than before where something was evicted.
    this.#in.add(Math.max(0, arrived - this.#arrivedBytes));
    this.#out.add(outlet.sentBytes - this.#sentBytes);
    this.#arrivedBytes = arrived;
    this.#sentBytes = outlet.sentBytes;
  }

  get lane(): Lane {
    const { id, info, revision, outlet, range, window, startedAt, position, awaited, starvation } =
      this.transfer;
    const slots = this.#slots();
    const age = Math.max(1, Date.now() - startedAt);
    return {
      id,
      object: info.name,
      client: info.client,
      ...(info.path === undefined || info.path.length > maxPathLength ? {} : { path: info.path }),
      ...(info.etag === undefined ? {} : { etag: info.etag }),
      totalBytes: info.totalBytes,
      objectBytes: revision.object.length,
      sentBytes: outlet.sentBytes,
      rangeStart: range.start,
      rangeEnd: range.end,
      position,
      window: window.size,
      windowLimit: window.limit,
      heldBytes: slots.reduce((sum, slot) => sum + slot.filledBytes, 0),
      inBytesPerSecond: this.#in.bytesPerSecond(),
      outBytesPerSecond: this.#out.bytesPerSecond(),
      drainBytesPerSecond: outlet.blockedMs > stuckMs ? 0 : outlet.pace.bytesPerMs * 1000,
      blockedMs: outlet.blockedMs,
      starvedShare: Math.min(1, starvation.totalMs / age),
      mode: outlet.mode,
      isWaitingForMemory: awaited !== undefined,
      startedAt,
      diagnosis: this.diagnosis,
      slots,
    };
  }

  /** Its window, and what the socket still has of the chunk before it. */
  #slots(): Slot[] {
    const { joined, position, outlet } = this.transfer;
    const now = performance.now();
    const { sending } = outlet;
    return [...new Set(sending ? [sending, ...joined] : joined)]
      .toSorted((a, b) => a.id.range.start - b.id.range.start)
      .map((chunk) => chunk.slot(position, now));
  }

  #aheadBytes(): number {
    const { joined, position } = this.transfer;
    let bytes = 0;
    for (const chunk of joined) bytes += chunk.readable(Math.max(position, chunk.id.range.start));
    return bytes;
  }
}

export class TransferBoard implements Disposable {
  readonly #transfers: Transfers;
  readonly #sights = new Map<Transfer, Sight>();
  readonly #timer: NodeJS.Timeout;

  constructor(transfers: Transfers) {
    this.#transfers = transfers;
    this.#timer = setInterval(() => {
      for (const sight of this.#look()) sight.look();
    }, lookIntervalMs);
    this.#timer.unref();
  }

  /**
   * Jain's index over what the transfers got in the last second whose client was not the bound: 1 when all got the
   * same, 1/n when one got everything. 1 when nobody competes.
   */
  get fairness(): number {
    const rates = this.#look()
      .filter((sight) => sight.diagnosis !== 'client-bound')
      .map((sight) => sight.outBytesPerSecond);
    const sum = rates.reduce((total, rate) => total + rate, 0);
    const squares = rates.reduce((total, rate) => total + rate * rate, 0);
    return squares === 0 ? 1 : (sum * sum) / (rates.length * squares);
  }

  /** The lanes of the transfers in progress, oldest first, at most `limit`. */
  lanes(limit: number): readonly Lane[] {
    return this.#look()
      .slice(0, limit)
      .map((sight) => sight.lane);
  }

  /** Transfers by what they wait for. */
  diagnoses(): ReadonlyMap<Diagnosis, number> {
    const counts = new Map<Diagnosis, number>();
    for (const { diagnosis } of this.#look()) counts.set(diagnosis, (counts.get(diagnosis) ?? 0) + 1);
    return counts;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): readonly Sight[] {
    const open = [...this.#transfers];
    const sights = open.map((transfer) => this.#sights.get(transfer) ?? new Sight(transfer));
    this.#sights.clear();
    for (const sight of sights) this.#sights.set(sight.transfer, sight);
    return sights;
  }
}

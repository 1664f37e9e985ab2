/**
 * The board lists the transfers in progress, for whoever wants to look: the console's lanes and the metrics. It is
 * written by the byte path and read from the side; nothing waits for a reader.
 */
import type { WindowToken } from '#main/flow/token.ts';
import type { Window } from '#main/flow/window.ts';
import { RateMeter } from '#main/flow/rate.ts';
import type { ByteRange } from '#shared/range.ts';
import type { Diagnosis, Lane } from '#shared/model.ts';
import { DiagnosisHistory } from './diagnosis.ts';

export interface TransferInfo {
  readonly object: string;
  readonly client: string;
  readonly objectBytes: number;
  readonly totalBytes: number;
  readonly window: Window;
  /** Bytes that arrived in the window. */
  readonly received: RateMeter;
}

/** One response body on its way. */
export class Transfer {
  readonly id: number;
  readonly info: TransferInfo;
  readonly startedAt = Date.now();
  readonly sent = new RateMeter();
  readonly #history = new DiagnosisHistory();
  range: ByteRange = { start: 0, end: 0 };

  constructor(id: number, info: TransferInfo) {
    this.id = id;
    this.info = info;
  }

  /** Looks at the window as it is now; a diagnosis is made of the looks of the last two seconds. */
  look(): void {
    const slots = [...this.info.window.tokens].map((token: WindowToken) => token.slot);
    this.#history.add(slots, this.info.window);
  }

  get diagnosis(): Diagnosis {
    return this.#history.diagnosis;
  }

  get lane(): Lane {
    const { object, client, objectBytes, totalBytes, window, received } = this.info;
    const slots = [...window.tokens].map((token) => token.slot);
    return {
      id: this.id,
      object,
      client,
      totalBytes,
      objectBytes,
      sentBytes: this.sent.totalBytes,
      rangeStart: this.range.start,
      rangeEnd: this.range.end,
      window: window.limit,
      heldBytes: slots.reduce((sum, slot) => sum + slot.filledBytes, 0),
      inBytesPerSecond: received.bytesPerSecond(),
      outBytesPerSecond: this.sent.bytesPerSecond(),
      startedAt: this.startedAt,
      diagnosis: this.diagnosis,
      slots,
    };
  }
}

const lookIntervalMs = 100;

export class TransferBoard implements Disposable {
  readonly #transfers = new Map<number, Transfer>();
  readonly #timer: NodeJS.Timeout;
  #nextId = 1;

  constructor() {
    this.#timer = setInterval(() => {
      for (const transfer of this.#transfers.values()) transfer.look();
    }, lookIntervalMs);
    this.#timer.unref();
  }

  get size(): number {
    return this.#transfers.size;
  }

  /** Transfers in progress, oldest first. */
  transfers(): Iterable<Transfer> {
    return this.#transfers.values();
  }

  open(info: TransferInfo): Transfer {
    const transfer = new Transfer(this.#nextId, info);
    this.#nextId += 1;
    this.#transfers.set(transfer.id, transfer);
    return transfer;
  }

  close(transfer: Transfer): void {
    this.#transfers.delete(transfer.id);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** A recording in figures of fixed size: what a summary draws and counts, whatever the recording's length. */
import { open } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { fileSource, nodeCodec } from '#main/recording/node-codec.ts';
import type { Alert } from '#shared/alert-model.ts';
import type { LedgerReading } from '#shared/ledger-model.ts';
import type { Frame, Lane } from '#shared/model.ts';
import { sumOf } from '#shared/profile/ledger-groups.ts';
import { openRecording, readBlock } from '#shared/recording/reader.ts';
import { jsonOf, type Mark, type RecordingRecord } from '#shared/recording/records.ts';

/** Columns of the curve; each has the largest values of its time. */
export const maxPoints = 480;
const maxEvents = 200;
const maxHolders = 10;

export interface CurvePoint {
  readonly at: number;
  readonly ledgerBytes: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}

interface Holder {
  readonly object: string;
  readonly client: string;
  readonly heldBytes: number;
  readonly blockedMs: number;
  readonly diagnosis: string;
}

/** Who held the ledger at an instant, and the transfers of the frame before it. */
export interface LedgerInstant {
  readonly reading: LedgerReading;
  readonly lanes: readonly Pick<Lane, 'client' | 'outBytesPerSecond'>[];
}

export interface Digest {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly frames: number;
  readonly droppedFrames: number;
  readonly damaged: number;
  /** One entry for each column in which there is a frame. */
  readonly curve: readonly CurvePoint[];
  readonly budgetBytes: number;
  readonly peak: { readonly at: number; readonly ledgerBytes: number; readonly holders: readonly Holder[] };
  /** When most of the ledger was held by somebody; absent in a recording that does not say who held it. */
  readonly fullest: LedgerInstant | undefined;
  readonly statuses: ReadonlyMap<number, { readonly count: number; readonly sentBytes: number }>;
  readonly missedRequests: number;
  readonly alerts: readonly Alert[];
  readonly marks: readonly Mark[];
}

/** Reads the recording block by block; the server goes on between them. @throws SluiceError when it is none */
export async function digestOf(path: string): Promise<Digest> {
  await using file = await open(path, 'r');
  const source = await fileSource(file);
  const opened = await openRecording(source, nodeCodec);
  const { blocks } = opened;
  const gathering = new Gathering(blocks[0]?.firstAt ?? 0, blocks.at(-1)?.lastAt ?? 0);
  let { damaged } = opened;
  for (const block of blocks) {
    const text = await readBlock(source, nodeCodec, block);
    if (text === undefined) damaged += 1;
    for (const line of (text ?? '').split('\n')) {
      // What Sluice wrote, and the block's checksum says that it is that.
      const record = jsonOf(line) as RecordingRecord | undefined;
      if (record) gathering.add(record);
    }
    await breathe();
  }
  return gathering.result(damaged);
}

class Gathering {
  readonly #firstAt: number;
  readonly #lastAt: number;
  readonly #columns = new Map<number, CurvePoint>();
  readonly #statuses = new Map<number, { readonly count: number; readonly sentBytes: number }>();
  readonly #alerts = new Map<string, Alert>();
  readonly #marks: Mark[] = [];
  #peak: Frame | undefined;
  #fullest: LedgerInstant | undefined;
  #lanes: LedgerInstant['lanes'] = [];
  #budgetBytes = 0;
  #frames = 0;
  #dropped = 0;
  #missed = 0;
  #nextSeq = -1;

  constructor(firstAt: number, lastAt: number) {
    this.#firstAt = firstAt;
    this.#lastAt = lastAt;
  }

  add(record: RecordingRecord): void {
    if (record.kind === 'frame') this.#addFrame(record.frame);
    else if (record.kind === 'owners') this.#addOwners(record.ledger);
    else if (record.kind === 'gap') this.#dropped += record.droppedFrames;
    else if (record.kind === 'mark' && this.#marks.length < maxEvents) this.#marks.push(record.mark);
    else if (record.kind === 'alert' && (this.#alerts.size < maxEvents || this.#alerts.has(record.alert.id)))
      this.#alerts.set(record.alert.id, record.alert);
  }

  result(damaged: number): Digest {
    const peak = this.#peak;
    return {
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      frames: this.#frames,
      droppedFrames: this.#dropped,
      damaged,
      curve: [...this.#columns.entries()].toSorted(([a], [b]) => a - b).map(([, point]) => point),
      budgetBytes: this.#budgetBytes,
      peak: {
        at: peak?.at ?? this.#firstAt,
        ledgerBytes: peak?.memory.ledgerBytes ?? 0,
        holders: holdersOf(peak),
      },
      fullest: this.#fullest,
      statuses: new Map([...this.#statuses].toSorted(([a], [b]) => a - b)),
      missedRequests: this.#missed,
      alerts: [...this.#alerts.values()],
      marks: this.#marks,
    };
  }

  #addOwners(reading: LedgerReading): void {
    if (this.#fullest && heldBy(reading) <= heldBy(this.#fullest.reading)) return;
    this.#fullest = { reading, lanes: this.#lanes };
  }

  #addFrame(frame: Frame): void {
    this.#lanes = frame.lanes.map(({ client, outBytesPerSecond }) => ({ client, outBytesPerSecond }));
    const { at, memory } = frame;
    this.#frames += 1;
    this.#missed += frame.missed;
    this.#budgetBytes = memory.budgetBytes;
    if (!this.#peak || heldIn(frame) > heldIn(this.#peak)) this.#peak = frame;
    const span = Math.max(1, this.#lastAt - this.#firstAt);
    const column = Math.min(maxPoints - 1, Math.floor(((at - this.#firstAt) / span) * maxPoints));
    const before = this.#columns.get(column);
    this.#columns.set(column, {
      at: before?.at ?? at,
      ledgerBytes: Math.max(before?.ledgerBytes ?? 0, memory.ledgerBytes),
      rssBytes: Math.max(before?.rssBytes ?? 0, memory.rssBytes ?? 0),
      heapUsedBytes: Math.max(before?.heapUsedBytes ?? 0, memory.heapUsedBytes ?? 0),
    });
    for (const { seq, status, sentBytes } of frame.requests) {
      // Where two recordings overlap the same request may come twice.
      if (seq < this.#nextSeq) continue;
      this.#nextSeq = seq + 1;
      const known = this.#statuses.get(status) ?? { count: 0, sentBytes: 0 };
      this.#statuses.set(status, { count: known.count + 1, sentBytes: known.sentBytes + sentBytes });
    }
  }
}

/** The ledger itself never shrinks, and the cache fills it: what matters is what somebody keeps. */
function heldBy({ owners }: LedgerReading): number {
  return sumOf(
    owners.filter(({ purpose }) => purpose !== 'spare' && purpose !== 'cache'),
    'bytes',
  );
}

function heldIn({ lanes }: Frame): number {
  return lanes.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
}

function holdersOf(frame: Frame | undefined): readonly Holder[] {
  return (frame?.lanes ?? [])
    .toSorted((a, b) => b.heldBytes - a.heldBytes)
    .slice(0, maxHolders)
    .map(({ object, client, heldBytes, blockedMs, diagnosis }) => ({
      object,
      client,
      heldBytes,
      blockedMs,
      diagnosis,
    }));
}

/** Records on their way into a block: one is full after four tenths of a second, or a mebibyte of text. */
import { MiB } from '#shared/units.ts';
import type { RecordingEvent, RecordingRecord } from '#shared/recording/records.ts';
import { encodeRecords, recordLine } from '#shared/recording/writer.ts';
import { nodeCodec } from './node-codec.ts';
import type { EncodedBlock } from './recording-file.ts';

/** With the time between two frames and that for writing: what is lost when the process is killed stays below a second. */
const blockMs = 400;
const blockLetters = MiB;

export class BlockBuilder {
  #lines: string[] = [];
  #letters = 0;
  #firstAt = 0;
  #lastAt = 0;
  #events: RecordingEvent[] = [];

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Letters that wait. */
  get letters(): number {
    return this.#letters;
  }

  isFull(now: number): boolean {
    return !this.isEmpty && (now - this.#firstAt >= blockMs || this.#letters >= blockLetters);
  }

  add(record: RecordingRecord): void {
    const line = recordLine(record);
    if (this.isEmpty) this.#firstAt = record.at;
    this.#lines.push(line);
    this.#letters += line.length;
    this.#lastAt = Math.max(this.#firstAt, record.at);
    if (record.kind === 'mark' || record.kind === 'alert') this.#events.push(record);
  }

  /** What there is, as a block; nothing is left. */
  take(): () => Promise<EncodedBlock> {
    const lines = this.#lines;
    const events = this.#events;
    const span = { firstAt: this.#firstAt, lastAt: this.#lastAt };
    this.#lines = [];
    this.#events = [];
    this.#letters = 0;
    const hasEvents = events.length > 0;
    return async () => ({
      data: await encodeRecords({ lines, ...span, hasEvents }, nodeCodec),
      events,
      ...span,
      records: lines.length,
      hasEvents,
    });
  }
}

/**
 * A store for tests of what fetches from it: it answers in virtual time, at the latency and pace of a script, and goes
 * wrong where the script says so. Content follows from key and position (scripted-store.ts).
 *
 * It is strict with those who use it: a range must not be empty, an answer is read at most once, and no two answers may
 * write to the same memory at a time.
 */
import type { Timer } from '#main/flow/clock.ts';
import type { Discovery, ObjectRevision, RangeAnswer } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { bytesOf } from './scripted-store.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type Fault =
  /** Instead of an answer. */
  | { readonly kind: 'refused'; readonly error: SluiceError }
  | { readonly kind: 'no answer' }
  /** The body ends with an error after so many bytes, or at its end if it is shorter. */
  | { readonly kind: 'broken off'; readonly after: number; readonly error: SluiceError }
  | { readonly kind: 'silent'; readonly after: number };

export interface AnswerScript {
  readonly headMs: number;
  readonly bytesPerMs: number;
  /** So much of the body comes together with the head: whoever reads the answer has it before `readInto` returns. */
  readonly earlyBytes?: number | undefined;
  readonly fault?: Fault | undefined;
}

interface Reading {
  readonly content: Uint8Array;
  readonly into: Uint8Array;
  readonly onBytes: (bytes: number) => void;
  readonly script: AnswerScript;
  readonly signal: AbortSignal;
}

/** Every so often what has come by then is written. */
const pieceMs = 10;
/** How long `when settled` goes on after an abort: it writes once more, and carelessly tells of it. */
const lingerMs = 100;

export class ScriptedOrigin {
  readonly letsGo: 'at once' | 'when settled';
  readonly requests: ByteRange[] = [];
  /** Asked for each request. */
  script: (range: ByteRange) => AnswerScript = () => ({ headMs: 20, bytesPerMs: 1000 });
  /** Objects that `discover` finds, by key. */
  readonly objects = new Map<string, ObjectRevision>();
  /** Whether `discover` brings bytes. */
  discovers: 'with bytes' | 'without bytes' = 'with bytes';
  /** Requests that are neither over nor aborted. */
  active = 0;
  mostActive = 0;
  readonly #clock: VirtualClock;
  readonly #writing = new Set<ArrayBufferLike>();

  constructor(clock: VirtualClock, letsGo: 'at once' | 'when settled' = 'at once') {
    this.#clock = clock;
    this.letsGo = letsGo;
  }

  async openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    const { answer } = await this.#open(revision, range, signal);
    return answer;
  }

  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    const revision = this.objects.get(key);
    const range = { start: wanted.start, end: Math.min(wanted.end, revision?.length ?? wanted.end) };
    const wantsBytes = revision !== undefined && this.discovers === 'with bytes';
    const { answer, end } = await this.#open(revision ?? { key, pin: '', length: 0 }, range, signal);
    // Nobody will read it.
    if (!wantsBytes) end();
    if (!revision) return undefined;
    const object = { revision, headers: {}, etag: revision.pin, lastModified: new Date(0) };
    return { object, range, answer: wantsBytes ? answer : undefined };
  }

  async #open(
    revision: ObjectRevision,
    range: ByteRange,
    signal: AbortSignal,
  ): Promise<{ readonly answer: RangeAnswer; readonly end: () => void }> {
    if (range.start >= range.end) throw new SluiceError('INVARIANT', 'an empty range was asked for');
    this.requests.push(range);
    const script = this.script(range);
    const end = this.#begin(signal);
    await this.#pause(script.fault?.kind === 'no answer' ? undefined : script.headMs, signal);
    if (script.fault?.kind === 'refused') {
      end();
      throw script.fault.error;
    }
    return { answer: this.#answer(bytesOf(revision.key, range), script, signal, end), end };
  }

  #begin(signal: AbortSignal): () => void {
    this.active += 1;
    this.mostActive = Math.max(this.mostActive, this.active);
    let isActive = true;
    const end = (): void => {
      if (!isActive) return;
      isActive = false;
      this.active -= 1;
    };
    signal.addEventListener('abort', end, { once: true });
    return end;
  }

  #answer(content: Uint8Array, script: AnswerScript, signal: AbortSignal, end: () => void): RangeAnswer {
    let isRead = false;
    return {
      readInto: async (into, onBytes) => {
        if (isRead) throw new SluiceError('INVARIANT', 'the answer was read twice');
        if (into.length !== content.length) throw new SluiceError('INVARIANT', 'not as long as the range');
        isRead = true;
        this.#lock(into.buffer);
        try {
          await this.#write({ content, into, onBytes, script, signal });
        } finally {
          this.#writing.delete(into.buffer);
          end();
        }
      },
    };
  }

  #lock(memory: ArrayBufferLike): void {
    if (this.#writing.has(memory)) throw new SluiceError('INVARIANT', 'two answers write to one memory');
    this.#writing.add(memory);
  }

  async #write(reading: Reading): Promise<void> {
    try {
      await this.#writePieces(reading);
    } catch (error) {
      if (this.letsGo === 'when settled' && reading.signal.aborted) await this.#linger(reading);
      throw error;
    }
  }

  async #writePieces({ content, into, onBytes, script, signal }: Reading): Promise<void> {
    const { fault, bytesPerMs, earlyBytes = 0 } = script;
    const limit = fault && 'after' in fault ? Math.min(fault.after, content.length) : content.length;
    const beganMs = this.#clock.now();
    const goTo = (due: number): number => {
      const end = Math.min(limit, due);
      into.set(content.subarray(written, end), written);
      if (end > written) onBytes(end - written);
      return end;
    };
    let written = 0;
    if (earlyBytes > 0) written = goTo(earlyBytes);
    while (written < limit) {
      await this.#pause(pieceMs, signal);
      // The pause may have ended just before the signal aborted.
      if (signal.aborted) throw new SluiceError('ABORTED', 'aborted');
      written = goTo(Math.max(written, Math.floor((this.#clock.now() - beganMs) * bytesPerMs)));
    }
    if (fault?.kind === 'broken off') throw fault.error;
    if (fault?.kind === 'silent') await this.#pause(undefined, signal);
  }

  async #linger({ content, into, onBytes }: Reading): Promise<void> {
    await new Promise<void>((resolve) => void this.#clock.after(lingerMs, resolve));
    into.set(content);
    onBytes(1);
  }

  /** So long, or for ever; ends with the signal. */
  #pause(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const settle = (outcome: () => void) => (): void => {
        timer?.cancel();
        signal.removeEventListener('abort', onAbort);
        outcome();
      };
      const onAbort = settle(() => reject(new SluiceError('ABORTED', 'aborted')));
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort);
      if (milliseconds !== undefined) timer = this.#clock.after(milliseconds, settle(resolve));
    });
  }
}

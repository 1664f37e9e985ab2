/** A recording that is looked at: stores of its own, a client that answers from it, and what plays it. */
import { messageOf } from '#shared/errors.ts';
import { framesOf } from '#shared/recording/frames.ts';
import type { RecordingHeader } from '#shared/recording/records.ts';
import { formatBytes } from '#shared/units.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import type { Footprint } from '../state/footprint.ts';
import type { Live } from '../state/live-context.ts';
import { flagsOf } from '../state/flags.ts';
import { LiveStore } from '../state/live-store.ts';
import { Signal } from '../state/signal.ts';
import { Timeline } from '../state/timeline.ts';
import type { PaintLoop } from '../ui/paint-loop.ts';
import type { BlockSource } from './block-source.ts';
import { Blocks } from './blocks.ts';
import { Overview } from './overview.ts';
import { Player } from './player.ts';
import { RecordedState } from './recorded-state.ts';
import { recordedHello, recordingClient } from './recording-client.ts';

/** What is kept of each block: where it is, its times, and its figures in the overview. An estimate. */
const entryBytes = 128;

export type SessionState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'open'; readonly player: Player; readonly overview: Overview };

export class PlaybackSession {
  readonly changed = new Signal(0);
  readonly #store: LiveStore;
  readonly #loop: PaintLoop;
  #live: Live;
  #client: ConsoleClient | undefined;
  #state: SessionState = { kind: 'opening' };
  #blocks: Blocks | undefined;

  constructor(loop: PaintLoop) {
    const store = new LiveStore(loop.request, 'recording');
    const timeline = new Timeline(() => store.clock.latest, 'recording');
    this.#store = store;
    this.#loop = loop;
    this.#live = {
      store,
      timeline,
      loop,
      follower: {
        retryNow: () => undefined,
        call: async (work) => {
          if (!this.#client) throw new Error('The recording is not open yet');
          return work(this.#client);
        },
      },
    };
  }

  /** What views work with. Another object once the recording is open. */
  get live(): Live {
    return this.#live;
  }

  get state(): SessionState {
    return this.#state;
  }

  get header(): RecordingHeader | undefined {
    return this.#blocks?.facts.header;
  }

  /** What is missing of it, in a sentence; `undefined` for one that is whole as far as it was read. */
  get missing(): string | undefined {
    return this.#blocks && missingOf(this.#blocks, this.#state);
  }

  get footprint(): Footprint {
    const { usedBytes, limitBytes } = this.#blocks?.footprint ?? { usedBytes: 0, limitBytes: 0 };
    const indexBytes = (this.#blocks?.facts.blocks.length ?? 0) * entryBytes;
    return { usedBytes: usedBytes + indexBytes, limitBytes: limitBytes + indexBytes };
  }

  /** Opens it at an instant: the first alert, else its end, when none is given. The result closes it. */
  open(load: () => Promise<BlockSource>, at: number | undefined): () => void {
    const closing = new AbortController();
    void this.#open(load, at, closing.signal).catch((error: unknown) => {
      if (!closing.signal.aborted) this.#become({ kind: 'failed', sentence: messageOf(error) });
    });
    return () => closing.abort();
  }

  async #open(load: () => Promise<BlockSource>, at: number | undefined, signal: AbortSignal): Promise<void> {
    const blocks = new Blocks(await load());
    if (signal.aborted) return;
    this.#blocks = blocks;
    if (blocks.facts.blocks.length === 0) {
      this.#become({ kind: 'empty' });
      return;
    }
    const [first] = framesOf(await blocks.text(0)).frames;
    const { timeline } = this.#live;
    const player = new Player({ blocks, store: this.#store, timeline, repaint: this.#loop.invalidate });
    signal.addEventListener('abort', () => player.close());
    const hello = recordedHello(blocks.facts, first);
    const state = new RecordedState(blocks);
    const marks = blocks.facts.events.flatMap((event) => (event.kind === 'mark' ? [event.mark] : []));
    this.#store.flags.set(flagsOf(state.alerts(player.lastAt), marks));
    this.#client = recordingClient({
      hello,
      state,
      instant: () => player.position,
      frame: () => this.#store.currentFrame,
    });
    this.#live = { ...this.#live, player };
    this.#store.hello(hello);
    const alert = player.flags.find(({ kind }) => kind === 'alert');
    await player.open(at ?? alert?.at ?? player.lastAt);
    signal.throwIfAborted();
    const overview = new Overview(blocks);
    this.#become({ kind: 'open', player, overview });
    await overview.read(() => player.filling !== undefined, signal);
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.changed.touch();
  }
}

function missingOf({ facts, damaged }: Blocks, state: SessionState): string | undefined {
  const frames = state.kind === 'open' ? state.player.lost.frames : 0;
  const places = facts.damaged + damaged;
  const parts = [
    ...(places === 0 ? [] : [places === 1 ? 'one place is damaged' : `${places} places are damaged`]),
    ...(facts.unfinishedBytes === 0 ? [] : [`its end was cut off (${formatBytes(facts.unfinishedBytes)})`]),
    ...(frames === 0 ? [] : [`${frames} instants cannot be read`]),
  ];
  return parts.length === 0 ? undefined : `${parts.join(', ')}: gaps are hatched`;
}

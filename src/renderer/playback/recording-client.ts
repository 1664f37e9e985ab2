/**
 * The console's contract, answered from a recording: at the instant that is shown, for a viewer. What a recording does
 * not have, or nobody can do in it, is refused in a sentence. So views do not know that it is one.
 */
import type { Frame, Hello } from '#shared/model.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import type { RecordingFacts } from './block-source.ts';
import type { RecordedState } from './recorded-state.ts';

export interface RecordingClientOptions {
  readonly hello: Hello;
  readonly state: RecordedState;
  /** The instant that is shown, and its frame. */
  readonly instant: () => number;
  readonly frame: () => Frame | undefined;
}

export function recordingClient({ hello, state, instant, frame }: RecordingClientOptions): ConsoleClient {
  const answers: Answers = {
    hello: async () => hello,
    live: {
      frame: async () => present(frame(), 'nothing is shown yet'),
    },
    requests: {
      page: async ({ before = Number.POSITIVE_INFINITY, limit }) => state.requests(instant(), before, limit),
      detail: async () =>
        refuse('A recording has the rows of requests. Header fields, chunks and timing were not recorded.'),
    },
    downloads: {
      list: async () => state.downloads(instant()),
      detail: async ({ id }) =>
        present(await state.download(id, instant()), 'The recording tells nothing of this download here.'),
    },
    alerts: {
      list: async () => {
        const alerts = [...state.alerts(instant())];
        return { at: instant(), version: alerts.length, alerts };
      },
    },
    profiles: {
      list: async () => ({ captures: [] }),
      owners: async () =>
        present(await state.owners(instant()), 'Who held the memory was not recorded up to this instant.'),
    },
    servers: { list: async () => ({ servers: [] }) },
  };
  return refusing(answers, '') as ConsoleClient;
}

/** Of the server that was recorded, as far as the recording says. `first`: its first frame. */
export function recordedHello({ header }: RecordingFacts, first: Frame | undefined): Hello {
  const { version = '', url = '', store = '', startedAt = 0 } = header?.server ?? {};
  const limit = first?.lanes.reduce((most, { windowLimit }) => Math.max(most, windowLimit), 0);
  return {
    name: 'sluice',
    version,
    role: 'viewer',
    host: 'headless',
    url,
    store,
    startedAt,
    pid: 0,
    runtime: { node: '' },
    chunkBytes: Math.max(1, first?.engine.slabs.chunks.slabBytes ?? 1),
    window: limit === undefined || limit === 0 ? 8 : limit,
    memoryCacheBytes: 0,
    diskCacheBytes: 0,
  };
}

/** What is answered of each area. */
type Answers = {
  readonly [Area in keyof ConsoleClient]?: ConsoleClient[Area] extends (...input: never[]) => unknown
    ? (...input: Parameters<ConsoleClient[Area]>) => ReturnType<ConsoleClient[Area]>
    : Partial<ConsoleClient[Area]>;
};

/** What is there as it is; any other procedure rejects when it is called. */
function refusing(answers: object, path: string): object {
  return new Proxy(answers, {
    get: (target, name) => {
      if (typeof name === 'symbol' || name === 'then') return undefined;
      const answer: unknown = Reflect.get(target, name);
      if (typeof answer === 'function') return answer;
      if (path === '') return refusing(Object(answer) as object, name);
      return () => Promise.reject(new SluiceError('NOT_FOUND', notRecorded(`${path}.${name}`)));
    },
  });
}

function notRecorded(name: string): string {
  return `A recording is shown: it does not have this, and nothing can be changed in it (${name}).`;
}

async function refuse(sentence: string): Promise<never> {
  throw new SluiceError('NOT_FOUND', sentence);
}

function present<T>(value: T | undefined, sentence: string): T {
  if (value === undefined) throw new SluiceError('NOT_FOUND', sentence);
  return value;
}

/** Recording, from any view: what works is told, with a way to it, and so is what is refused. Nothing throws. */
import { useMemo } from 'react';
import type { RecordingSummary } from '#shared/recording/model.ts';
import { messageOf } from '#shared/errors.ts';
import { formatDuration } from '#shared/units.ts';
import type { ConsoleClient } from '../../rpc/connect.ts';
import { useLive } from '../../state/live-context.ts';
import { notify } from '../../state/notifications.ts';
import { placeHash } from '../../state/place.ts';
import { useRecorder } from '../../state/recorder-context.ts';
import { useSignal } from '../../state/signal.ts';

/** What "save the last while" saves, in milliseconds. */
const lastMs = 15 * 60_000;

export interface RecorderActions {
  readonly start: () => void;
  readonly stop: () => void;
  readonly saveLast: () => void;
  /** Puts a mark at an instant; now when none is given. */
  readonly mark: (note: string, at: number | undefined) => void;
}

/** Where a recording is played, at an instant or from its start; `rolling` is what is kept all the time. */
export function playHash(id: string, at?: number): string {
  return placeHash('live', '', {
    recording: id,
    ...(at === undefined ? {} : { at: String(Math.round(at)) }),
  });
}

/** What can be done now, by whoever looks; absent is what cannot. */
export interface RecorderAbilities {
  readonly start: boolean;
  readonly stop: boolean;
  readonly save: boolean;
  readonly mark: boolean;
}

export function useRecorderAbilities(): RecorderAbilities {
  const recorder = useRecorder();
  const { store } = useLive();
  useSignal(recorder.changed);
  useSignal(store.connectionChanged);
  const { state } = recorder;
  const mayChange = store.connection.kind === 'live' && store.currentHello?.role === 'operator';
  if (!state || !mayChange) return { start: false, stop: false, save: false, mark: false };
  const isManual = state.manual !== undefined;
  const isRolling = state.rolling.isOn;
  return { start: !isManual, stop: isManual, save: isRolling, mark: isRolling || isManual };
}

export function useRecorderActions(): RecorderActions {
  const { follower } = useLive();
  const recorder = useRecorder();
  return useMemo((): RecorderActions => {
    const act = <T>(
      work: (client: ConsoleClient) => Promise<T>,
      told: (answer: T) => void,
      failed: string,
    ): void => {
      void follower
        .call(work)
        .then(told, (error: unknown) => {
          notify({ kind: 'failed', title: failed, body: messageOf(error), matter: `record:${failed}` });
        })
        .finally(recorder.refresh);
    };
    return {
      start: () =>
        act(
          (client) => client.recordings.start({}),
          () => notify({ kind: 'info', title: 'Recording', matter: 'record:manual' }),
          'No recording was started',
        ),
      stop: () =>
        act(
          (client) => client.recordings.stop(),
          tellOf((length) => `The recording is kept, ${length}`),
          'It was not stopped',
        ),
      saveLast: () =>
        act(
          (client) => client.recordings.save({ lastMs }),
          tellOf((length) => `The last ${length} are saved`),
          'Nothing was saved',
        ),
      mark: (note, at) =>
        act(
          (client) => client.recordings.mark({ note, ...(at === undefined ? {} : { at }) }),
          () =>
            notify({
              kind: 'info',
              title: 'Marked',
              matter: 'record:mark',
              ...(note === '' ? {} : { body: note }),
            }),
          'No mark was put',
        ),
    };
  }, [follower, recorder]);
}

function tellOf(titleOf: (length: string) => string): (saved: RecordingSummary) => void {
  return ({ id, firstAt, lastAt }) =>
    notify({
      kind: 'done',
      title: titleOf(formatDuration(lastAt - firstAt)),
      matter: `recording:${id}`,
      href: playHash(id),
      action: 'Play',
    });
}

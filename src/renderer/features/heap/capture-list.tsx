import type { Capture } from '#shared/contract/profiles.ts';
import { formatBytes, formatShare, formatTime } from '#shared/units.ts';
import type { CaptureStore } from '../../state/capture-store.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { kindTitles, progressOf, takingTitles } from './capture-words.ts';
import styles from './capture.module.css';

interface RunningProps {
  readonly store: CaptureStore;
  readonly capture: Capture;
}

/** The one that is being taken: how far it is, and how to end it. */
export function Running({ store, capture }: RunningProps) {
  const { store: live } = useLive();
  useSignal(live.changed.memory);
  const { share, words } = progressOf(capture, live.currentFrame?.at ?? capture.startedAt);
  const title = takingTitles[capture.kind];
  return (
    <div className={styles['form']} data-testid="capture-running">
      <h2>{title}</h2>
      <progress aria-label={title} max={1} {...(share === undefined ? {} : { value: share })} />
      <p className={styles['left']}>{words}</p>
      <Button isDisabled={store.isAsking} onPress={() => void store.remove(capture.id)}>
        Cancel
      </Button>
    </div>
  );
}

interface CaptureListProps {
  readonly store: CaptureStore;
  readonly captures: readonly Capture[];
  readonly onOpen: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
}

/** Those that the server keeps, the newest first. */
export function CaptureList({ store, captures, onOpen }: CaptureListProps) {
  if (captures.length === 0) return null;
  return (
    <ul className={styles['list']} aria-label="Captures that the server keeps">
      {captures.map((capture) => (
        <Row key={capture.id} store={store} capture={capture} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function Row({ store, capture, onOpen }: Pick<CaptureListProps, 'store' | 'onOpen'> & RunningProps) {
  const { id, kind, name, startedAt, bytes, state, message } = capture;
  const { fetching } = store;
  const fetched = async (use: (file: Uint8Array<ArrayBuffer>) => void): Promise<void> => {
    const file = await store.fetch(capture);
    if (file) use(file);
  };
  return (
    <li data-testid="capture-row" data-kind={kind} data-state={state}>
      <strong title={name}>{kindTitles[kind]}</strong>
      <span>{formatTime(startedAt)}</span>
      <span className={styles['size']}>{state === 'ready' ? formatBytes(bytes) : ''}</span>
      {state === 'failed' && (
        <span className={styles['failed']} title={message}>
          <b>▲ failed:</b> {message}
        </span>
      )}
      <span className={styles['buttons']}>
        {fetching?.id === id ? (
          <>
            <progress aria-label={`Reading ${name}`} max={1} value={fetching.share} />
            <span>{formatShare(fetching.share, 1)}</span>
            <Button weight="quiet" onPress={() => store.stopFetching()}>
              Cancel
            </Button>
          </>
        ) : (
          <>
            {state === 'ready' && (
              <>
                <Button weight="quiet" onPress={() => void fetched((file) => onOpen(name, file))}>
                  Open
                </Button>
                <Button
                  weight="quiet"
                  onPress={() => void fetched((file) => saveFile(new Blob([file]), name))}
                >
                  Save
                </Button>
              </>
            )}
            <Button weight="quiet" isDisabled={store.isAsking} onPress={() => void store.remove(id)}>
              Remove
            </Button>
          </>
        )}
      </span>
    </li>
  );
}

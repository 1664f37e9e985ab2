/** The profiles that are open, those on their way, and what they take. */
import { useParam } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { maxOpened, type ProfileInfo } from '../../state/profile-questions.ts';
import { type Opening, theProfiles } from '../../state/profile-store.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { OpenFiles } from './open-files.tsx';
import styles from './opened-bar.module.css';

interface OpenedBarProps {
  readonly shownId: string | undefined;
  readonly onShow: (info: ProfileInfo) => void;
  readonly onClose: (info: ProfileInfo) => void;
}

export function OpenedBar({ shownId, onShow, onClose }: OpenedBarProps) {
  useSignal(theProfiles.changed);
  const { profiles, held } = theProfiles;
  const [capture, setCapture] = useParam('capture');
  const isCapturing = capture === 'shown';
  return (
    <div className={styles['bar']} data-testid="opened">
      <ul aria-label="Open profiles">
        {profiles.map((info) => (
          <li key={info.id} data-shown={info.id === shownId} data-testid="opened-profile">
            <button
              type="button"
              aria-pressed={info.id === shownId}
              title={`${info.name}, ${formatBytes(info.fileBytes)}`}
              onClick={() => onShow(info)}
            >
              {info.name}
            </button>
            <IconButton icon={closePath} name={`Close ${info.name}`} onPress={() => onClose(info)} />
          </li>
        ))}
      </ul>
      <OpenFiles weight="quiet">Open…</OpenFiles>
      <Button
        weight="quiet"
        aria-pressed={isCapturing}
        title="Take a profile of the server"
        onPress={() => setCapture(isCapturing ? undefined : 'shown', 'replace')}
      >
        Capture…
      </Button>
      <p title="What the profiles take in the worker that keeps them, about, and the most that they may">
        {formatCount(profiles.length)} of {maxOpened} open · {formatBytes(held.usedBytes)} of{' '}
        {formatBytes(held.limitBytes)} · stays on this machine
      </p>
    </div>
  );
}

/** Files that are being read, wait for it, or could not be read. */
export function Openings() {
  useSignal(theProfiles.changed);
  const { openings } = theProfiles;
  if (openings.length === 0) return null;
  return (
    <ul className={styles['openings']} aria-label="Files on their way" data-testid="openings">
      {openings.map((opening) => (
        <OpeningRow key={opening.number} opening={opening} />
      ))}
    </ul>
  );
}

function OpeningRow({ opening }: { readonly opening: Opening }) {
  const { number, name, bytes, state, share, failure } = opening;
  const drop = (): void => theProfiles.cancel(number);
  return (
    <li data-state={state} data-testid="opening">
      {failure ? (
        <>
          <p role="alert">
            <i aria-hidden="true">▲</i> <b>{name}</b> not opened{whereWords(failure.format, failure.field)}:{' '}
            {failure.sentence}
          </p>
          <IconButton icon={closePath} name={`Dismiss ${name}`} onPress={drop} />
        </>
      ) : (
        <>
          <p>
            <b>{name}</b> {formatBytes(bytes)}
          </p>
          <progress className={styles['progress']} aria-label={`Reading ${name}`} max={1} value={share} />
          <span>{state === 'waiting' ? 'waits' : `${Math.round(share * 100)} %`}</span>
          <Button weight="quiet" onPress={drop}>
            Cancel
          </Button>
        </>
      )}
    </li>
  );
}

/** ` (pprof, sample_type)`: the format and the field that is wrong. */
function whereWords(format: string | undefined, field: string | undefined): string {
  const parts = [format, field === 'file' ? undefined : field].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** All of an incident in one file: of which recording, with which note, what goes in and what is taken out. */
import { useEffect, useState } from 'react';
import type { Bundle } from '#shared/contract/incidents.ts';
import { messageOf } from '#shared/errors.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { maxNoteLength } from '#shared/vocabulary/recordings.ts';
import { useLive } from '../../state/live-context.ts';
import { placeHash } from '../../state/place.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { fetchPath } from '../../ui/icons.tsx';
import { Modal } from '../../ui/modal.tsx';
import { NoteField } from '../../ui/note-field.tsx';
import { useIncidents } from './context.ts';
import { ProfileChoice } from './profile-choice.tsx';
import { useSaveFile } from './save-file.ts';
import { rollingWords, spanWords, titleOf } from './words.ts';
import styles from './bundle-dialog.module.css';

type Step =
  | { readonly kind: 'form'; readonly failure?: string }
  | { readonly kind: 'making'; readonly since: number }
  | { readonly kind: 'made'; readonly bundle: Bundle };

/** The choice that names no recording. */
const rollingChoice = '';

export function BundleDialog({ recording = rollingChoice }: { readonly recording?: string | undefined }) {
  const { actions, refresh } = useIncidents();
  const { follower } = useLive();
  const [chosen, choose] = useState(recording);
  const [note, setNote] = useState('');
  const [captures, pickCaptures] = useState<readonly string[]>();
  const [step, setStep] = useState<Step>({ kind: 'form' });
  const close = (): void => actions.ask(undefined);
  const make = async (): Promise<void> => {
    setStep({ kind: 'making', since: performance.now() });
    try {
      const input = {
        note: note.trim(),
        ...(chosen === rollingChoice ? {} : { recording: chosen }),
        ...(captures ? { captures: [...captures] } : {}),
      };
      const bundle = await follower.call((client) => client.incidents.bundle(input));
      setStep({ kind: 'made', bundle });
    } catch (error) {
      setStep({ kind: 'form', failure: messageOf(error) });
    }
    refresh();
  };
  return (
    <Modal
      title={step.kind === 'made' ? 'The bundle is made' : 'Make an incident bundle'}
      testId="bundle-dialog"
      onClose={close}
      actions={<Foot step={step} onClose={close} onMake={() => void make()} />}
    >
      {step.kind === 'form' && (
        <div className={styles['form']}>
          <RecordingChoice chosen={chosen} choose={choose} />
          <NoteField
            label="Note"
            value={note}
            onChange={setNote}
            maxLength={maxNoteLength}
            hint="What was seen, for whoever opens it: it is on the first page."
            isFirst
          />
          <ProfileChoice picked={captures} pick={pickCaptures} />
          <Contents />
          {step.failure !== undefined && (
            <p className={styles['failure']} role="alert">
              ▲ {step.failure}
            </p>
          )}
        </div>
      )}
      {step.kind === 'making' && <Making since={step.since} />}
      {step.kind === 'made' && <Made bundle={step.bundle} />}
    </Modal>
  );
}

interface FootProps {
  readonly step: Step;
  readonly onClose: () => void;
  readonly onMake: () => void;
}

function Foot({ step, onClose, onMake }: FootProps) {
  const save = useSaveFile();
  if (step.kind !== 'made')
    return (
      <>
        <Button onPress={onClose}>{step.kind === 'making' ? 'Close' : 'Cancel'}</Button>
        <Button weight="main" isDisabled={step.kind === 'making'} onPress={onMake}>
          {step.kind === 'making' ? 'Making…' : 'Make it'}
        </Button>
      </>
    );
  const { bundle } = step;
  return (
    <>
      <LinkButton href={placeHash('incidents', 'bundles', { open: bundle.id })} onPress={onClose}>
        All bundles
      </LinkButton>
      <Button onPress={onClose}>Close</Button>
      {save && (
        <Button weight="main" icon={fetchPath} onPress={() => save('incident', bundle.id)}>
          Save the file
        </Button>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly chosen: string;
  readonly choose: (id: string) => void;
}

function RecordingChoice({ chosen, choose }: ChoiceProps) {
  const { list } = useIncidents();
  const { state, recordings, at } = list;
  return (
    <label className={styles['choice']}>
      <span>Recording</span>
      <select value={chosen} onChange={(event) => choose(event.target.value)}>
        {state.rolling.isOn && (
          <option value={rollingChoice}>What is kept all the time: {rollingWords(state.rolling, at)}</option>
        )}
        {recordings.map((each) => (
          <option key={each.id} value={each.id}>
            {titleOf(each)}, {spanWords(each.firstAt, each.lastAt)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is known before it is made; its own list says the rest. */
function Contents() {
  return (
    <div className={styles['contents']}>
      <div>
        <h3>Goes in</h3>
        <ul>
          <li>A summary that opens in any browser</li>
          <li>The recording, with its alerts and marks</li>
          <li>Who holds the memory; profiles of heap and CPU</li>
          <li>Settings in force, versions, the process</li>
          <li>Notes</li>
        </ul>
      </div>
      <div>
        <h3>Stays out</h3>
        <ul>
          <li>Bodies and header fields: they are not recorded</li>
          <li>Tokens, sessions, secrets, and what of a setting may be one</li>
        </ul>
        <p>Addresses of clients and names of objects are in it.</p>
      </div>
    </div>
  );
}

const tickMs = 500;

function Making({ since }: { readonly since: number }) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={styles['making']} data-testid="bundle-making">
      <progress aria-label="Making the bundle" />
      <p aria-live="polite">Saving the recording, taking profiles for two seconds, packing.</p>
      <p className={styles['quiet']}>
        {formatDuration(now - since)}. It goes on when this is closed, and is then among the bundles.
      </p>
    </div>
  );
}

function Made({ bundle: { fileName, bytes, files, profiles, redactions } }: { readonly bundle: Bundle }) {
  const sentences = new Map(profiles.map(({ file, sentence }) => [file, sentence]));
  return (
    <div className={styles['made']} data-testid="bundle-made">
      <p>
        <code>{fileName}</code> · {formatBytes(bytes)}
      </p>
      <h3>In it</h3>
      <ul data-testid="bundle-files">
        {files.map((file) => (
          <li key={file}>
            <code>{file}</code> {sentences.get(file)}
          </li>
        ))}
      </ul>
      <h3>Taken out, never there, and still there</h3>
      <ul>
        {redactions.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}

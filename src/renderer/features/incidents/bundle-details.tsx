import type { KeptBundle } from '#shared/contract/incidents.ts';
import { formatBytes, formatDateTime } from '#shared/units.ts';
import { Button, IconButton, LinkButton } from '../../ui/button.tsx';
import { binPath, closePath, fetchPath } from '../../ui/icons.tsx';
import { placeHash } from '../../state/place.ts';
import { useIncidents } from './context.ts';
import { useSaveFile } from './save-file.ts';
import drawer from '../../ui/drawer.module.css';
import styles from './details.module.css';

/** What is in a bundle, and what was taken out. */
export function BundleDetails({ bundle }: { readonly bundle: KeptBundle }) {
  const { actions, list } = useIncidents();
  const save = useSaveFile();
  const { id, at, bytes, note, files, redactions, recording, fileName } = bundle;
  const isThere = list.recordings.some((each) => each.id === recording);
  return (
    <aside className={drawer['drawer']} aria-labelledby="details-title" data-testid="details">
      <header className={drawer['head']}>
        <div>
          <h2 id="details-title">{formatDateTime(at)}</h2>
          <p>{formatBytes(bytes)}</p>
        </div>
        <Button weight="quiet" icon={binPath} onPress={() => actions.ask({ kind: 'remove-bundle', bundle })}>
          Remove…
        </Button>
        <IconButton icon={closePath} name="Close (Esc)" onPress={() => actions.open(undefined)} />
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <div className={drawer['body']} tabIndex={0}>
        <section className={styles['actions']} aria-label="Actions">
          {save && (
            <Button icon={fetchPath} onPress={() => save('incident', id)}>
              Save the file
            </Button>
          )}
          {isThere && (
            <LinkButton href={placeHash('incidents', 'recordings', { open: recording })}>
              Its recording
            </LinkButton>
          )}
        </section>
        {note !== '' && (
          <section>
            <h3>Note</h3>
            <p className={styles['note']}>{note}</p>
          </section>
        )}
        <section>
          <h3>In {fileName}</h3>
          <ul className={styles['files']}>
            {files.map((file) => (
              <li key={file}>
                <code>{file}</code>
              </li>
            ))}
          </ul>
        </section>
        <section>
          <h3>Taken out, never there, and still there</h3>
          <ul className={styles['files']}>
            {redactions.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      </div>
    </aside>
  );
}

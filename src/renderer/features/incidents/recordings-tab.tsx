import { useEffect } from 'react';
import { formatBytes, formatCount } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import { Beside } from '../../ui/boundary.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { AlwaysOn } from './always-on.tsx';
import { useIncidents } from './context.ts';
import { CrashOffer } from './crash-offer.tsx';
import { NothingMatches } from './empty.tsx';
import { NoneSaved } from './none-saved.tsx';
import { RecordingDetails } from './recording-details.tsx';
import { RecordingTable } from './recording-table.tsx';
import { filtered } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './recordings-tab.module.css';

/** What is being recorded, and what is kept. */
export function RecordingsTab({ failure }: { readonly failure: string | undefined }) {
  const { list, actions } = useIncidents();
  const [filter = '', setFilter] = useParam('find');
  const [openedId] = useParam('open');
  const { recordings, hidden, state } = list;
  const shown = filtered(recordings, filter);
  const opened = recordings.find(({ id }) => id === openedId);
  // Else the table closes it.
  useEscape(opened !== undefined && shown.length === 0, () => actions.open(undefined));
  // A recording that was removed is not waited for.
  useEffect(() => {
    if (openedId !== undefined && !opened && recordings.length === 0) actions.open(undefined);
  }, [openedId, opened, recordings.length, actions]);
  return (
    <div className={section['columns']} data-details={opened !== undefined}>
      <div className={styles['main']}>
        <CrashOffer />
        <AlwaysOn />
        <section className={styles['saved']} aria-labelledby="saved-title">
          <header className={section['head']}>
            <h2 id="saved-title">Saved</h2>
            {failure === undefined ? (
              <span className={section['summary']} data-testid="saved-summary">
                {shown.length === recordings.length
                  ? formatCount(recordings.length)
                  : `${formatCount(shown.length)} of ${formatCount(recordings.length)}`}{' '}
                · {formatBytes(state.savedBytes)} of {formatBytes(state.savedLimitBytes)}
                {hidden > 0 && ` · ${formatCount(hidden)} older are not listed`}
              </span>
            ) : (
              <span className={section['bad']}>▲ not read again: {failure}</span>
            )}
            {recordings.length > 0 && (
              <div className={section['end']}>
                <input
                  className={section['filter']}
                  type="search"
                  aria-label="Filter recordings"
                  placeholder="Filter"
                  value={filter}
                  onChange={(event) =>
                    setFilter(event.target.value === '' ? undefined : event.target.value, 'replace')
                  }
                />
              </div>
            )}
          </header>
          <div className={styles['content']}>
            {recordings.length === 0 && <NoneSaved />}
            {recordings.length > 0 && shown.length === 0 && (
              <NothingMatches filter={filter} onDrop={() => setFilter(undefined)} />
            )}
            {shown.length > 0 && <RecordingTable rows={shown} openedId={opened?.id} />}
          </div>
        </section>
      </div>
      {opened && (
        <Beside what="This recording" of={opened.id} onClose={() => actions.open(undefined)}>
          <RecordingDetails key={opened.id} recording={opened} />
        </Beside>
      )}
    </div>
  );
}

import type { DownloadList } from '#shared/download-model.ts';
import { maxDownloads, maxLogBytes } from '#shared/vocabulary/downloads.ts';
import { formatBytes, formatCount, formatRate, formatTime } from '#shared/units.ts';
import { useParam, usePlace } from '../../state/place.ts';
import { Button } from '../../ui/button.tsx';
import { tablePath } from '../../ui/icons.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { DownloadTable } from './download-table.tsx';
import { NothingMatches } from './empty.tsx';
import { openDownload } from './open-download.ts';
import section from '../../ui/section.module.css';
import styles from './downloads-section.module.css';

interface DownloadsSectionProps {
  readonly list: DownloadList;
  readonly openedId: number | undefined;
  /** Why what is shown could not be read again. */
  readonly failure: string | undefined;
  /** Since when the view stands still, if it does. */
  readonly pausedAt: number | undefined;
}

/** All downloads that are remembered, which of them to show, and how much is remembered. */
export function DownloadsSection({ list, openedId, failure, pausedAt }: DownloadsSectionProps) {
  const [filter = '', setFilter] = useParam('q');
  const [presentation, present] = useParam('as');
  const isTable = presentation === 'tables';
  const words = filter.toLowerCase().trim();
  const shown = list.downloads.filter(({ object }) => object.toLowerCase().includes(words));
  const isHidden = shown.length === 0 && words !== '';
  const { params } = usePlace();
  // The table does it where there is one, and the chunk goes first.
  useEscape(isHidden && openedId !== undefined && params['chunk'] === undefined, () =>
    openDownload(undefined, params),
  );
  return (
    <section className={styles['section']} aria-labelledby="downloads-title">
      <header className={section['head']}>
        <h2 id="downloads-title">Downloads</h2>
        {failure === undefined ? (
          <Summary list={list} shown={shown.length} pausedAt={pausedAt} />
        ) : (
          <span className={section['bad']}>▲ not read again: {failure}</span>
        )}
        <div className={`${section['end']} ${styles['end']}`}>
          <input
            className={section['filter']}
            type="search"
            aria-label="Filter the downloads by object"
            placeholder="Filter"
            value={filter}
            onChange={(event) =>
              setFilter(event.target.value === '' ? undefined : event.target.value, 'replace')
            }
          />
          <Button
            weight="quiet"
            icon={tablePath}
            aria-pressed={isTable}
            title="Pictures or tables (t)"
            onPress={() => present(isTable ? undefined : 'tables', 'replace')}
          >
            Tables
          </Button>
        </div>
      </header>
      {isHidden ? (
        <NothingMatches filter={filter} onDrop={() => setFilter(undefined)} />
      ) : (
        <DownloadTable downloads={shown} at={list.at} openedId={openedId} />
      )}
    </section>
  );
}

interface SummaryProps {
  readonly list: DownloadList;
  readonly shown: number;
  readonly pausedAt: number | undefined;
}

function Summary({ list, shown, pausedAt }: SummaryProps) {
  const { downloads, forgotten, usedBytes } = list;
  const active = downloads.filter(({ state }) => state === 'fetching');
  const rate = active.reduce((sum, { bytesPerSecond }) => sum + bytesPerSecond, 0);
  return (
    <div className={`${section['summary']} ${styles['facts']}`} data-testid="downloads-summary">
      {pausedAt !== undefined && <strong>Paused at {formatTime(pausedAt)}</strong>}
      <span>
        {shown < downloads.length && `${formatCount(shown)} of `}
        {formatCount(downloads.length)}
        {forgotten > 0 && `, ${formatCount(forgotten)} before them forgotten`}
      </span>
      <span>
        {formatCount(active.length)} fetching{active.length > 0 && ` ${formatRate(rate)}`}
      </span>
      <span title="The newest downloads are remembered, within this much memory of the server">
        record {formatBytes(usedBytes)} / {formatBytes(maxLogBytes)}, {formatCount(maxDownloads)} at most
      </span>
    </div>
  );
}

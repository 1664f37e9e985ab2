/** Requests with their filter: the same below the Live view and in a view of its own. */
import type { Ref } from 'react';
import { formatBytes, formatCount, formatTime } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useParam } from '../../state/place.ts';
import type { StoredRequest } from '../../state/request-store.ts';
import { useSignal } from '../../state/signal.ts';
import { Empty } from './empty.tsx';
import { ExportMenu } from './export-menu.tsx';
import { Facets } from './filter/facets.tsx';
import { FilterField } from './filter/field.tsx';
import { SavedMenu } from './filter/saved-menu.tsx';
import type { GridPlace } from './grid/columns.tsx';
import { ColumnsMenu } from './grid/columns-menu.tsx';
import { Grid } from './grid/grid.tsx';
import { useLayout } from './grid/use-layout.ts';
import { useHistory } from './use-history.ts';
import { type ShownRows, useRows } from './use-rows.ts';
import styles from './panel.module.css';

interface RequestsPanelProps {
  readonly place: GridPlace;
  /** The row whose details are open. */
  readonly openNumber?: number | undefined;
  readonly onOpen: (request: StoredRequest) => void;
  readonly gridRef?: Ref<HTMLTableElement>;
}

export function RequestsPanel({ place, openNumber, onOpen, gridRef }: RequestsPanelProps) {
  const { timeline, player } = useLive();
  const [text = '', setParam] = useParam('q');
  const setText = (next: string): void => setParam(next.trim() === '' ? undefined : next, 'replace');
  const rows = useRows(text);
  const grid = useLayout(place);
  useHistory();
  return (
    <section className={styles['panel']} aria-labelledby="requests-title">
      <header className={styles['head']}>
        <h2 id="requests-title">Requests</h2>
        <FilterField
          key={place}
          text={text}
          onChange={setText}
          errors={rows.errors}
          isSearching={rows.isSearching}
        />
        <SavedMenu text={text} onChoose={setText} />
        <Count rows={rows} />
        <ColumnsMenu grid={grid} />
        {/* The server exports its own requests, not those of a recording. */}
        {place === 'requests' && !player && <ExportMenu text={rows.filter.text} />}
      </header>
      {place === 'requests' && (
        <div className={styles['facets']}>
          <Facets filter={rows.filter} onChange={setText} />
          <Totals />
        </div>
      )}
      {place === 'requests' && timeline.pausedAt !== undefined && (
        <p className={styles['narrowed']} data-testid="requests-stopped">
          Paused at {formatTime(timeline.pausedAt)}: what has come since is not shown.
          <button type="button" onClick={() => timeline.resume()}>
            Go live
          </button>
        </p>
      )}
      {timeline.range && (
        <p className={styles['narrowed']} data-testid="narrowed">
          Only requests of the stretch of time that is marked.
          <button type="button" onClick={() => timeline.resume()}>
            Show all times
          </button>
        </p>
      )}
      <Grid
        key={`${rows.filter.text} ${timeline.range?.from} ${timeline.range?.to}`}
        grid={grid}
        list={rows.list}
        isSearching={rows.isSearching}
        openNumber={openNumber}
        onOpen={onOpen}
        empty={<Empty rows={rows} onChange={setText} />}
        labelledBy="requests-title"
        {...(gridRef === undefined ? {} : { ref: gridRef })}
      />
    </section>
  );
}

/** How many are shown, of how many that this console keeps. */
function Count({ rows }: { readonly rows: ShownRows }) {
  const { store } = useLive();
  const kept = formatCount(store.requests.size);
  return (
    <span
      className={styles['count']}
      data-testid="requests-count"
      data-searching={rows.isSearching}
      title={`This console keeps the newest ${formatCount(store.requests.capacity)}`}
    >
      {rows.isNarrowed ? `${formatCount(rows.list.size)} of ${kept}` : kept}
    </span>
  );
}

function Totals() {
  const { store } = useLive();
  useSignal(store.changed.requests);
  const totals = store.currentFrame?.totals;
  if (!totals) return null;
  return (
    <div className={styles['totals']} title="Since the server started">
      <span>{formatCount(totals.requests)} in all</span>
      <span>{formatBytes(totals.sentBytes)} sent</span>
      <span>{formatBytes(totals.storeBytes)} from the store</span>
    </div>
  );
}

import { type Diagnosis, diagnoses } from '#shared/model.ts';
import { formatCount } from '#shared/units.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { DiagnosisIcon, Icon, tablePath } from '../../ui/icons.tsx';
import { NothingYet, NoTransfer } from './empty.tsx';
import { LaneRow } from './lane-row.tsx';
import { LaneTable } from './lane-table.tsx';
import type { Presentation } from './presentation.ts';
import styles from './lanes.module.css';

interface LanesProps {
  readonly presentation: Presentation;
  readonly onPresent: (next: Presentation) => void;
}

/** Why the memory is where it is: one lane for each transfer. */
export function Lanes({ presentation, onPresent }: LanesProps) {
  const { store } = useLive();
  useSignal(store.changed.lanes);
  const { views, hidden } = store.lanes;
  const active = views.filter((view) => view.endedAt === undefined);
  const memory = store.currentFrame?.memory;
  const isTable = presentation === 'tables';
  return (
    <section className={styles['windows']} aria-labelledby="windows-title">
      <header className={styles['head']}>
        <h2 id="windows-title">Windows</h2>
        <div className={styles['summary']} data-testid="lanes-summary">
          {memory && (
            <span title="In progress, and the most that may be">
              {formatCount(memory.transfers)} of {formatCount(memory.maxTransfers)} transfers
            </span>
          )}
          {hidden > 0 && <span data-testid="lanes-hidden">{formatCount(hidden)} not shown</span>}
          <Diagnoses lanes={active} />
        </div>
        <button
          type="button"
          className={styles['twin']}
          aria-pressed={isTable}
          title="Pictures or tables (t)"
          onClick={() => onPresent(isTable ? 'charts' : 'tables')}
        >
          <Icon path={tablePath} />
          Tables
        </button>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it */}
      <section className={styles['scroller']} aria-label="Transfers" tabIndex={0}>
        {views.length === 0 && <Empty />}
        {isTable ? (
          <LaneTable views={views} />
        ) : (
          <ul>
            {views.map((view) => (
              <LaneRow key={view.lane.id} view={view} lane={view.lane} endedAt={view.endedAt} />
            ))}
          </ul>
        )}
      </section>
    </section>
  );
}

function Empty() {
  const { store } = useLive();
  const frame = store.currentFrame;
  if (!frame) return null;
  return frame.totals.requests === 0 && store.requests.size === 0 ? <NothingYet /> : <NoTransfer />;
}

/** How many lanes have which trouble; healthy ones are the rest. */
function Diagnoses({ lanes }: { readonly lanes: readonly LaneView[] }) {
  const count = (wanted: Diagnosis): number => lanes.filter(({ lane }) => lane.diagnosis === wanted).length;
  return diagnoses
    .filter((diagnosis) => diagnosis !== 'healthy' && count(diagnosis) > 0)
    .map((diagnosis) => (
      <span key={diagnosis} className={styles['count']}>
        <DiagnosisIcon diagnosis={diagnosis} />
        {count(diagnosis)} {diagnosis}
      </span>
    ));
}

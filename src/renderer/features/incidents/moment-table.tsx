/** Alerts and marks of a recording, each with a way to its instant: the line above in words. */
import type { RecordingSummary } from '#shared/recording/model.ts';
import { formatClock } from '#shared/units.ts';
import { alertRuleFacts } from '#shared/vocabulary/alerts.ts';
import { IconButton } from '../../ui/button.tsx';
import { binPath } from '../../ui/icons.tsx';
import { playHash } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import type { Moment } from './strip-layout.ts';
import styles from './moment-table.module.css';

const pencilPath = 'M2 10l.6-2.400L8.200 2l1.800 1.800-5.600 5.600z';

interface MomentTableProps {
  readonly recording: RecordingSummary;
  readonly moments: readonly Moment[];
}

export function MomentTable({ recording, moments }: MomentTableProps) {
  const { mayChange } = useIncidents();
  if (moments.length === 0) return <p className={styles['none']}>No alert and no mark is in it.</p>;
  return (
    <table className={styles['moments']} data-testid="moments">
      <caption className="visually-hidden">Alerts and marks in this recording</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          {mayChange && <th scope="col">Change</th>}
        </tr>
      </thead>
      <tbody>
        {moments.map((moment) => (
          <tr key={moment.id} data-testid="moment" data-kind={moment.kind}>
            <td>
              <a href={playHash(recording.id, moment.at)} title="Play from here">
                {formatClock(moment.at).slice(0, -2)}
              </a>
            </td>
            <td>
              <What moment={moment} />
            </td>
            {mayChange && (
              <td>
                {moment.event.kind === 'mark' && recording.isWhole && (
                  <Changes moment={moment} recording={recording} />
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function What({ moment: { event } }: { readonly moment: Moment }) {
  if (event.kind === 'mark')
    return (
      <>
        <i aria-hidden="true">⚑</i>{' '}
        {event.mark.note === '' ? (
          <span className={styles['quiet']}>a mark without a note</span>
        ) : (
          event.mark.note
        )}
      </>
    );
  const { rule, text } = event.alert;
  return (
    <>
      <i aria-hidden="true">▲</i> <strong>{alertRuleFacts[rule].label}</strong>
      <span className={styles['text']}>{text}</span>
    </>
  );
}

interface ChangesProps {
  readonly moment: Moment;
  readonly recording: RecordingSummary;
}

function Changes({ moment: { event, at }, recording }: ChangesProps) {
  const { actions } = useIncidents();
  if (event.kind !== 'mark') return null;
  const { mark } = event;
  const when = formatClock(at).slice(0, -2);
  return (
    <span className={styles['changes']}>
      <IconButton
        icon={pencilPath}
        name={`Change the note at ${when}`}
        onPress={() => actions.ask({ kind: 'edit-mark', recording: recording.id, mark })}
      />
      <IconButton
        icon={binPath}
        name={`Remove the mark at ${when}`}
        onPress={() => actions.ask({ kind: 'remove-mark', recording: recording.id, mark })}
      />
    </span>
  );
}

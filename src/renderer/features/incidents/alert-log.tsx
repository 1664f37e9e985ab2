import type { Alert } from '#shared/alert-model.ts';
import { formatCount, formatDateTime } from '#shared/units.ts';
import { alertRuleFacts, maxAlerts } from '#shared/vocabulary/alerts.ts';
import { LinkButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import table from '../../ui/table.module.css';
import { playHash } from '../shell/recorder-actions.ts';
import { useIncidents } from './context.ts';
import { stateWords, valueWords } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './alert-log.module.css';

interface AlertLogProps {
  readonly alerts: readonly Alert[];
  /** The server's time. */
  readonly at: number;
}

/** What has fired since the server started, the newest first. */
export function AlertLog({ alerts, at }: AlertLogProps) {
  const firing = alerts.filter(({ state }) => state === 'firing').length;
  return (
    <section className={styles['log']} aria-labelledby="alerts-title">
      <header className={section['head']}>
        <h2 id="alerts-title">Alerts</h2>
        <span className={section['summary']} data-testid="alerts-summary">
          {formatCount(alerts.length)} since the server started
          {alerts.length === maxAlerts && ', the newest'} · {formatCount(firing)} firing now
        </span>
      </header>
      {alerts.length === 0 ? (
        <EmptyState kind="nothing" title="Nothing has fired" testId="no-alerts">
          <p>
            The rules beside this are judged with each frame. To see one fire, start the demo with its slow
            client: after ten seconds in which a client takes nothing, the first does.
          </p>
        </EmptyState>
      ) : (
        <div className={table['scroller']}>
          <table
            className={`${table['table']} ${styles['alerts']}`}
            data-lines="2"
            aria-labelledby="alerts-title"
            data-testid="alert-table"
          >
            <thead>
              <tr>
                <th scope="col">Fired</th>
                <th scope="col">What</th>
                <th scope="col">Worst, and its threshold</th>
                <th scope="col">
                  <span className="visually-hidden">Recording</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {alerts.map((alert) => (
                <Row key={alert.id} alert={alert} at={at} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ alert, at }: { readonly alert: Alert; readonly at: number }) {
  const { rule, text, state } = alert;
  const { value, threshold } = valueWords(alert);
  return (
    <tr data-testid="alert" data-rule={rule} data-state={state}>
      <td>
        <span>{formatDateTime(alert.at)}</span>
        <small>{stateWords(alert, at)}</small>
      </td>
      <td>
        <strong>
          {state === 'firing' && <i aria-hidden="true">▲ </i>}
          {alertRuleFacts[rule].label}
        </strong>
        <small title={text}>{text}</small>
      </td>
      <td>
        <span>{value}</span>
        <small>fires at {threshold}</small>
      </td>
      <td>
        <Seen alert={alert} />
      </td>
    </tr>
  );
}

/** Where it can be seen: in its own recording, or, until that is saved, in what is kept all the time. */
function Seen({ alert: { at, recording } }: { readonly alert: Alert }) {
  const { list } = useIncidents();
  const { firstAt } = list.state.rolling;
  if (recording !== undefined && list.recordings.some(({ id }) => id === recording))
    return <LinkButton href={playHash(recording, at)}>Play</LinkButton>;
  if (firstAt !== undefined && at >= firstAt)
    return <LinkButton href={playHash('rolling', at)}>Play</LinkButton>;
  return <small>not kept</small>;
}

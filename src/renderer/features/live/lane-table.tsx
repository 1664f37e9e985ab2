import type { Lane } from '#shared/model.ts';
import { formatBytes, formatRate, formatShare } from '#shared/units.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { countSlots } from './lane-words.ts';
import styles from '../../ui/twin.module.css';

interface LaneTableProps {
  readonly rows: readonly { readonly view: LaneView; readonly lane: Lane; readonly isAway: boolean }[];
}

/** The lanes in numbers. */
export function LaneTable({ rows }: LaneTableProps) {
  return (
    <table className={styles['twin']} data-testid="lane-table">
      <caption className="visually-hidden">Transfers and the slots of their windows</caption>
      <thead>
        <tr>
          {[
            'object',
            'client',
            'diagnosis',
            'held',
            'receiving',
            'waiting',
            'draining',
            'failed',
            'window',
            'held bytes',
            'in',
            'out',
            'drains',
            'starved',
            'mode',
            'sent',
          ].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ lane, isAway }) => {
          const counts = countSlots(lane);
          return (
            <tr key={lane.id}>
              <th scope="row">{lane.object}</th>
              <td>{lane.client}</td>
              <td>{isAway ? 'ended' : lane.diagnosis}</td>
              <td>{counts.held}</td>
              <td>{counts.receiving}</td>
              <td>{counts.waiting}</td>
              <td>{counts.draining}</td>
              <td>{counts.failed}</td>
              <td>
                {lane.window} / {lane.windowLimit}
              </td>
              <td>{formatBytes(lane.heldBytes)}</td>
              <td>{formatRate(lane.inBytesPerSecond)}</td>
              <td>{formatRate(lane.outBytesPerSecond)}</td>
              <td>{formatRate(lane.drainBytesPerSecond)}</td>
              <td>{formatShare(lane.starvedShare, 1)}</td>
              <td>{lane.mode}</td>
              <td>{formatShare(lane.sentBytes, lane.totalBytes)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

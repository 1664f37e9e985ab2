/** Who holds the memory that bodies have: the five largest, with what can be done about each. */
import { useState } from 'react';
import type { Lane } from '#shared/model.ts';
import { formatBytes, formatDuration, formatRate } from '#shared/units.ts';
import { messageOf } from '#shared/errors.ts';
import type { LaneView } from '../../state/lane-list.ts';
import { useLive } from '../../state/live-context.ts';
import { placeHash, useParam } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { Question } from '../../ui/question.tsx';
import { ObjectName } from './object-name.tsx';
import { useSelection } from './selection.ts';
import styles from './holders.module.css';

const shown = 5;

/** The lanes that hold most at an instant, the largest first. */
function holdersOf(
  views: readonly LaneView[],
  laneAt: (view: LaneView) => Lane | undefined,
): readonly Lane[] {
  return views
    .flatMap((view) => laneAt(view) ?? [])
    .filter((lane) => lane.heldBytes > 0)
    .toSorted((a, b) => b.heldBytes - a.heldBytes)
    .slice(0, shown);
}

export function Holders() {
  const [open, setOpen] = useParam('who');
  const [leaving, setLeaving] = useState<Lane>();
  const close = (): void => setOpen(undefined, 'replace');
  return (
    <>
      <Popover
        trigger={
          <button type="button" className={styles['trigger']}>
            Who holds it
          </button>
        }
        title="Who holds it"
        align="end"
        testId="holders"
        isOpen={open !== undefined}
        onOpen={(isOpen) => setOpen(isOpen ? '1' : undefined, 'replace')}
      >
        <HolderList
          onDone={close}
          onDisconnect={(lane) => {
            close();
            setLeaving(lane);
          }}
        />
        <p className={styles['all']}>
          <LinkButton href={placeHash('heap', 'now')}>
            The whole ledger, by client, object, state and age
          </LinkButton>
        </p>
      </Popover>
      {/* Not within the popover, which goes when something else is pressed. */}
      {leaving && <Disconnect lane={leaving} onDone={() => setLeaving(undefined)} />}
    </>
  );
}

interface HolderListProps {
  readonly onDone: () => void;
  readonly onDisconnect: (lane: Lane) => void;
}

function HolderList({ onDone, onDisconnect }: HolderListProps) {
  const { store, timeline } = useLive();
  useSignal(store.changed.lanes);
  useSignal(timeline.settled);
  const { instant } = timeline;
  const views = instant === undefined ? store.lanes.views : store.lanes.at(instant);
  const holders = holdersOf(views, (view) => store.laneAt(view, instant));
  const at = instant === undefined ? (store.currentFrame?.at ?? 0) : instant * 100;
  const most = holders[0]?.heldBytes ?? 1;
  if (holders.length === 0) return <p className={styles['nobody']}>No transfer holds anything now.</p>;
  return (
    <ol className={styles['holders']}>
      {holders.map((lane) => (
        <Holder
          key={lane.id}
          lane={lane}
          share={lane.heldBytes / most}
          ageMs={at - lane.startedAt}
          onDone={onDone}
          onDisconnect={onDisconnect}
        />
      ))}
    </ol>
  );
}

interface HolderProps extends HolderListProps {
  readonly lane: Lane;
  readonly share: number;
  readonly ageMs: number;
}

function Holder({ lane, share, ageMs, onDone, onDisconnect }: HolderProps) {
  const { store } = useLive();
  const { select } = useSelection();
  return (
    <li data-testid="holder" data-client={lane.client}>
      <p className={styles['words']}>
        <b>{lane.client}</b> · <ObjectName name={lane.object} /> · {formatBytes(lane.heldBytes)} held ·{' '}
        {formatDuration(Math.max(0, ageMs))} · reads {formatRate(lane.outBytesPerSecond)}
      </p>
      <i className={styles['bar']} style={{ width: `${share * 100}%` }} />
      <p className={styles['actions']}>
        <Button
          weight="quiet"
          onPress={() => {
            onDone();
            select(lane.id);
          }}
        >
          Show lane
        </Button>
        <LinkButton href={placeHash('requests', '', { q: requestsQuery(lane) })}>Show requests</LinkButton>
        {store.currentHello?.role === 'operator' && (
          <Button weight="grave" onPress={() => onDisconnect(lane)}>
            Disconnect client
          </Button>
        )}
      </p>
    </li>
  );
}

/** In the grammar of the request filter. */
export function requestsQuery({ client, object }: Pick<Lane, 'client' | 'object'>): string {
  const quoted = (text: string): string => (/[\s"()]/.test(text) ? JSON.stringify(text) : text);
  return `client:${quoted(client)} object:${quoted(object)}`;
}

interface DisconnectProps {
  readonly lane: Lane;
  readonly onDone: () => void;
}

/** Asks once more, and then disconnects. */
function Disconnect({ lane, onDone }: DisconnectProps) {
  const { follower } = useLive();
  const [failure, setFailure] = useState<string>();
  const disconnect = async (): Promise<void> => {
    try {
      await follower.call((client) => client.live.disconnect({ lane: lane.id }));
      onDone();
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <Question
      title={`Disconnect ${lane.client}?`}
      testId="disconnect-dialog"
      onClose={onDone}
      no="Keep it"
      yes="Disconnect"
      weight="grave"
      onYes={() => void disconnect()}
      closes="after"
    >
      <p>
        The connection that {lane.object} goes out on is closed after {formatBytes(lane.sentBytes)} of{' '}
        {formatBytes(lane.totalBytes)}. The client sees a download that broke off, and may come again.
      </p>
      {failure !== undefined && <p role="alert">It was not disconnected: {failure}.</p>}
    </Question>
  );
}

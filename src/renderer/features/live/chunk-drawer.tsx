/** One chunk of one transfer: what it is, where it is, and what else can be known about its bytes. */
import type { ReactNode } from 'react';
import type { Lane, Slot } from '#shared/model.ts';
import { formatBytes, formatCount, formatDuration, formatShare } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { placeHash } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Beside } from '../../ui/boundary.tsx';
import { IconButton, LinkButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { requestsQuery } from './holders.tsx';
import { shownLanes } from './lanes.tsx';
import { ObjectName } from './object-name.tsx';
import { useSelection } from './selection.ts';
import styles from './chunk-drawer.module.css';

export function ChunkDrawer() {
  const { laneId, chunkStart, select } = useSelection();
  if (laneId === undefined || chunkStart === undefined) return null;
  const close = (): void => select(laneId);
  return (
    <Beside what="This chunk" of={`${laneId} ${chunkStart}`} onClose={close}>
      <Chunk laneId={laneId} chunkStart={chunkStart} onClose={close} />
    </Beside>
  );
}

interface ChunkProps {
  readonly laneId: number;
  /** Where it starts in its object, in bytes. */
  readonly chunkStart: number;
  readonly onClose: () => void;
}

function Chunk({ laneId, chunkStart, onClose }: ChunkProps) {
  const live = useLive();
  useSignal(live.store.changed.lanes);
  useSignal(live.timeline.settled);
  const shown = shownLanes(live).find(({ lane }) => lane.id === laneId);
  const slot =
    shown?.isAway === false ? shown.lane.slots.find(({ start }) => start === chunkStart) : undefined;
  const number = Math.floor(chunkStart / (live.store.currentHello?.chunkBytes ?? 1));
  return (
    <aside className={styles['drawer']} aria-labelledby="chunk-title" data-testid="chunk-drawer">
      <header>
        <h2 id="chunk-title">Chunk {formatCount(number)}</h2>
        <IconButton icon={closePath} name="Close" onPress={onClose} />
      </header>
      {shown ? (
        <Facts lane={shown.lane} slot={slot} start={chunkStart} />
      ) : (
        <p>This transfer is no longer kept.</p>
      )}
    </aside>
  );
}

interface FactsProps {
  readonly lane: Lane;
  readonly slot: Slot | undefined;
  readonly start: number;
}

const tierWords = { memory: 'memory cache', disk: 'disk cache', store: 'store' } as const;

function Facts({ lane, slot, start }: FactsProps) {
  const { store } = useLive();
  const bytes = slot?.bytes ?? Math.min(store.currentHello?.chunkBytes ?? 1, lane.objectBytes - start);
  const range = `${start}-${start + bytes - 1}`;
  const command = curlOf(store.currentHello?.url ?? '', lane, range);
  return (
    <>
      <dl className={styles['facts']}>
        <Fact name="Object">
          <ObjectName name={lane.object} />
        </Fact>
        <Fact name="Bytes">
          {range} · {formatBytes(bytes)}
        </Fact>
        <Fact name="State">
          {slot ? `${slot.state} for ${formatDuration(slot.ageMs)}` : stateWithout(lane, start)}
        </Fact>
        <Fact name="Attempt">{slot ? formatCount(slot.attempt) : '–'}</Fact>
        <Fact name="Comes from">{slot?.tier ? tierWords[slot.tier] : '–'}</Fact>
        <Fact name="Filled">
          {slot ? `${formatBytes(slot.filledBytes)} · ${formatShare(slot.filledBytes, bytes)}` : '–'}
        </Fact>
        <Fact name="Sent">
          {slot ? `${formatBytes(slot.sentBytes)} · ${formatShare(slot.sentBytes, bytes)}` : '–'}
        </Fact>
        <Fact name="ETag">{lane.etag ?? '–'}</Fact>
        <Fact name="Waits for it">{lane.client}</Fact>
      </dl>
      <p className={styles['links']}>
        {command !== undefined && <CopyButton text={command} label="Copy as curl" />}
        <LinkButton href={placeHash('requests', '', { q: requestsQuery(lane) })}>
          Requests for these bytes
        </LinkButton>
        <LinkButton href={placeHash('downloads')}>Downloads</LinkButton>
      </p>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function stateWithout({ position }: Lane, start: number): string {
  return start < position ? 'sent; no longer of this window' : 'not in the window';
}

/** The command that fetches just these bytes, of just this revision; `undefined` when its path is not known. */
function curlOf(server: string, { path, etag }: Lane, range: string): string | undefined {
  // A recording may have been written by anybody.
  if (path === undefined || !URL.canParse(path, server)) return undefined;
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const revision = etag === undefined || etag.startsWith('W/') ? '' : ` -H ${quoted(`If-Match: ${etag}`)}`;
  return `curl -sS -r ${range}${revision} -o /dev/null ${quoted(new URL(path, server).href)}`;
}

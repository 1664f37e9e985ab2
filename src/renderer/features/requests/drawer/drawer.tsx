/** Everything about one request. j and k go to the next and the one before, as in the table. */
import { type KeyboardEvent, useRef } from 'react';
import type { RequestDetail } from '#shared/request-model.ts';
import { formatClock } from '#shared/units.ts';
import { useLive } from '../../../state/live-context.ts';
import { useParam } from '../../../state/place.ts';
import type { StoredRequest } from '../../../state/request-store.ts';
import { useSignal } from '../../../state/signal.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { closePath } from '../../../ui/icons.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { splitObject } from '#shared/object-name.ts';
import { useServerUrl } from '../server-url.ts';
import { hasFailed, outcomeWord } from '../words.ts';
import { Chunks } from './chunks.tsx';
import { Compare } from './compare.tsx';
import { curlOf } from './curl.ts';
import { Headers } from './headers.tsx';
import { RangeTab } from './range-tab.tsx';
import { Replay } from './replay.tsx';
import { Summary } from './summary.tsx';
import { Timing } from './timing.tsx';
import { useDetail } from './use-detail.ts';
import styles from './drawer.module.css';

const previousPath = 'M2 8l4-4 4 4';
const nextPath = 'M2 4l4 4 4-4';
const pinPath = 'M4 1.500h4M5 1.500v4L3 7.500h6L7 5.500v-4M6 7.500v3';

interface DrawerProps {
  readonly seq: number;
  /** Its row, while this console keeps it. */
  readonly number: number | undefined;
  readonly onOpen: (request: StoredRequest) => void;
  readonly onClose: () => void;
}

export function Drawer({ seq, number, onOpen, onClose }: DrawerProps) {
  const { store } = useLive();
  const isOfThisRun = number === undefined || number >= store.requests.runStart;
  const answer = useDetail(isOfThisRun ? seq : undefined);
  const detail = answer.kind === 'known' ? answer.detail : undefined;
  const row = (number === undefined ? undefined : store.requests.row(number)) ?? detail?.row;
  const aside = useRef<HTMLElement>(null);
  const step = (by: -1 | 1): void => {
    const next = number === undefined ? undefined : store.requests.row(number + by);
    if (next) onOpen(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement || event.altKey || event.ctrlKey || event.metaKey) return;
    const by = { j: 1, k: -1 }[event.key];
    if (by === 1 || by === -1) step(by);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- shortcuts beside its buttons
    <aside
      ref={aside}
      className={styles['drawer']}
      aria-labelledby="request-title"
      data-testid="request-details"
      data-seq={seq}
      onKeyDown={onKeyDown}
    >
      <header className={styles['head']}>
        <div>
          <h2 id="request-title" data-failed={row && hasFailed(row)}>
            {row ? `${row.status} ${outcomeWord(row)}` : `Request ${seq}`}
          </h2>
          <p title={row?.target}>
            {row ? `${row.method} ${splitObject(row.target).main} · ${formatClock(row.at)}` : 'not kept here'}
          </p>
        </div>
        <PinButton seq={seq} />
        <IconButton icon={previousPath} name="Previous request (k)" onPress={() => step(-1)} />
        <IconButton icon={nextPath} name="Next request (j)" onPress={() => step(1)} />
        <IconButton icon={closePath} name="Close (Esc)" onPress={onClose} />
      </header>
      <DrawerTabs row={row} detail={detail} seq={seq} />
      {!detail && (
        <output className={styles['missing']} data-testid="request-missing">
          {!isOfThisRun && 'From before the server started over: only its row is known.'}
          {isOfThisRun && answer.kind === 'loading' && 'Reading the rest…'}
          {isOfThisRun && answer.kind === 'gone' && answer.sentence}
        </output>
      )}
    </aside>
  );
}

/** Keeps a request to compare others with. */
function PinButton({ seq }: { readonly seq: number }) {
  const [pin, setPin] = useParam('pin');
  const isPinned = pin === `${seq}`;
  return (
    <Button
      weight="quiet"
      icon={pinPath}
      aria-pressed={isPinned}
      title={isPinned ? 'Others are compared with this one' : 'Compare others with this one'}
      onPress={() => setPin(isPinned ? undefined : `${seq}`, 'replace')}
    >
      {isPinned ? 'Pinned' : 'Pin'}
    </Button>
  );
}

const tabNames = ['summary', 'headers', 'range', 'timing', 'chunks', 'replay', 'compare'] as const;
type TabName = (typeof tabNames)[number];

interface DrawerTabsProps {
  readonly row: StoredRequest | RequestDetail['row'] | undefined;
  readonly detail: RequestDetail | undefined;
  readonly seq: number;
}

function DrawerTabs({ row, detail, seq }: DrawerTabsProps) {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const server = useServerUrl();
  const [tab, setTab] = useParam('tab');
  const [pin] = useParam('pin');
  const pinned = pin !== undefined && /^\d{1,15}$/.test(pin) && pin !== `${seq}` ? Number(pin) : undefined;
  if (!row) return null;
  const isReplayable = store.currentHello?.role === 'operator' && /^(GET|HEAD)$/.test(row.method);
  const tabs = [
    { value: 'summary', name: 'Summary', content: <Summary row={row} detail={detail} /> },
    ...(detail
      ? ([
          { value: 'headers', name: 'Headers', content: <Headers detail={detail} /> },
          { value: 'range', name: 'Range', content: <RangeTab detail={detail} /> },
          { value: 'timing', name: 'Timing', content: <Timing detail={detail} /> },
          { value: 'chunks', name: 'Chunks', content: <Chunks detail={detail} /> },
        ] as const)
      : []),
    ...(detail && isReplayable
      ? ([{ value: 'replay', name: 'Replay', content: <Replay key={seq} detail={detail} /> }] as const)
      : []),
    ...(detail && pinned !== undefined
      ? ([
          { value: 'compare', name: `vs ${pinned}`, content: <Compare pinned={pinned} detail={detail} /> },
        ] as const)
      : []),
  ] satisfies readonly { readonly value: TabName; readonly name: string; readonly content: unknown }[];
  const shown = tabs.find(({ value }) => value === tab)?.value ?? 'summary';
  return (
    <div className={styles['tabs']}>
      <Tabs<TabName>
        label="Sides of the request"
        value={shown}
        onChange={(next) => setTab(next === 'summary' ? undefined : next, 'replace')}
        tabs={tabs}
      />
      {detail && (
        <footer className={styles['foot']}>
          <code data-testid="curl" title={curlOf(detail, server)}>
            {curlOf(detail, server)}
          </code>
          <CopyButton text={curlOf(detail, server)} label="Copy as curl" />
        </footer>
      )}
    </div>
  );
}

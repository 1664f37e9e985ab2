/**
 * The Requests view: which request misbehaved, and why. The table with its filter, and beside it everything about one
 * request; which one, and which of its sides, stand in the address.
 */
import { useRef } from 'react';
import { useLive } from '../../state/live-context.ts';
import { go, usePlace } from '../../state/place.ts';
import type { StoredRequest } from '../../state/request-store.ts';
import { useSignal } from '../../state/signal.ts';
import { useTimeCommands } from '../live/use-time.ts';
import { Beside } from '../../ui/boundary.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { Drawer } from './drawer/drawer.tsx';
import { RequestsPanel } from './panel.tsx';
import { Side } from './side.tsx';
import { useTimeOfAddress } from './use-time-of-address.ts';
import styles from './requests-view.module.css';

/** What of an address belongs to one request, and not to the list. */
const ownParams = ['row'] as const;

export function RequestsView() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  useTimeOfAddress();
  useTimeCommands();
  const place = usePlace();
  const gridRef = useRef<HTMLTableElement>(null);
  const opened = useOpened(place.subject, place.params['row']);
  const open = (request: StoredRequest): void => {
    const how = place.subject === '' ? 'push' : 'replace';
    go(
      {
        view: 'requests',
        subject: `${request.seq}`,
        params: paramsFor(place.params, request, store.requests.runStart),
      },
      how,
    );
  };
  const close = (): void => {
    const { tab: _tab, ...rest } = without(place.params);
    go({ view: 'requests', subject: '', params: rest });
    gridRef.current?.focus();
  };
  useEscape(place.subject !== '', close);
  return (
    <main
      className={styles['view']}
      data-stale={store.connection.kind !== 'live'}
      data-testid="requests-view"
    >
      <RequestsPanel place="requests" openNumber={opened?.number} onOpen={open} gridRef={gridRef} />
      {opened && (
        <Side>
          <Beside what="This request" of={opened.seq} onClose={close}>
            <Drawer key={opened.seq} seq={opened.seq} number={opened.number} onOpen={open} onClose={close} />
          </Beside>
        </Side>
      )}
    </main>
  );
}

interface Opened {
  readonly seq: number;
  /** Its row, while this console keeps it. */
  readonly number: number | undefined;
}

/** `#/requests/412`; with `row`, a request of before the server started over, which only this console knows. */
function useOpened(subject: string, row: string | undefined): Opened | undefined {
  const { store } = useLive();
  useSignal(store.changed.requests);
  if (!/^\d{1,15}$/.test(subject)) return undefined;
  const seq = Number(subject);
  if (row === undefined) return { seq, number: store.requests.find(seq) };
  const request = store.requests.row(Number(row));
  return { seq, number: request?.seq === seq ? request.number : undefined };
}

function without(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => !ownParams.some((own) => own === name)),
  );
}

function paramsFor(
  params: Readonly<Record<string, string>>,
  { number }: StoredRequest,
  runStart: number,
): Readonly<Record<string, string>> {
  return number < runStart ? { ...without(params), row: `${number}` } : without(params);
}

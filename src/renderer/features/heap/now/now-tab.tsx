/**
 * Who holds the memory: the ledger by client, object, state or age, with the arithmetic of the process above it. Live,
 * or at the instant of a recording that is played: the same calls answer there.
 */
import { useEffect, useState } from 'react';
import { formatTime } from '#shared/units.ts';
import { useFootprint } from '../../../state/footprint.ts';
import { useLive } from '../../../state/live-context.ts';
import { OwnersStore, type OwnersInstant } from '../../../state/owners-store.ts';
import { placeHash, useParam } from '../../../state/place.ts';
import { useSignal } from '../../../state/signal.ts';
import { Beside } from '../../../ui/boundary.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { useEscape } from '../../../ui/use-escape.ts';
import { Segments } from '../../../ui/segments.tsx';
import { ArithmeticRow } from './arithmetic-row.tsx';
import { Loading, NoAnswer, NothingHeld, NothingMatches, NotReadable } from './empty.tsx';
import { ExportMenu } from './export-menu.tsx';
import { GroupTable, SumRow } from './group-table.tsx';
import {
  type Grouping,
  groupings,
  groupOwners,
  type OwnerGroup,
  ownersWith,
  partsOf,
} from '#shared/profile/ledger-groups.ts';
import { closeHolder, Gone, Holder } from './holder.tsx';
import { downloadLink, laneLink, requestsLink } from './links.ts';
import { OwnerFilter } from './owner-filter.tsx';
import { PartsLegend } from './parts-bar.tsx';
import { mainHolder, ownersSentence } from '#shared/profile/ledger-sentence.ts';
import styles from './now-tab.module.css';

export function NowTab() {
  const { store: live, follower } = useLive();
  useSignal(live.connectionChanged);
  const [store] = useState(() => new OwnersStore(follower.call, () => live.currentFrame));
  useEffect(() => store.follow(), [store]);
  useSignal(store.changed);
  useSignal(live.changed.memory);
  useFootprint('owners', store);
  const frame = live.currentFrame;
  useEffect(() => frame && store.see(frame), [store, frame]);
  const { kind } = live.connection;
  // What could not be read for want of a connection is read again with the connection.
  useEffect(() => (kind === 'live' ? store.refresh() : undefined), [store, kind]);
  const { instant, failure } = store;
  const isLive = kind === 'live';
  if (!instant) {
    if (!isLive) return live.hasBeenLost ? <NoAnswer /> : <Loading />;
    return failure === undefined ? <Loading /> : <NotReadable sentence={failure} />;
  }
  return (
    <div className={styles['tab']} data-stale={!isLive} data-testid="heap-now">
      <Instant instant={instant} failure={isLive ? failure : undefined} />
    </div>
  );
}

interface InstantProps {
  readonly instant: OwnersInstant;
  /** Why it could not be read again. */
  readonly failure: string | undefined;
}

const titles: Readonly<Record<Grouping, string>> = {
  client: 'Client',
  object: 'Object',
  state: 'State',
  age: 'Age',
};

function Instant({ instant, failure }: InstantProps) {
  const [text, group] = useParam('by');
  const [opened, open] = useParam('open');
  const { reading, memory } = instant;
  const { owners, totalBytes, at } = reading;
  const by = groupings.find((each) => each === text) ?? 'client';
  const [search = '', find] = useParam('find');
  const matching = ownersWith(owners, search);
  const groups = groupOwners(matching, by);
  const isOpened = ({ key }: OwnerGroup): boolean => key === opened;
  const found = groups.find(isOpened);
  // What is open stays open when nothing of it matches.
  const holder = found ?? groupOwners(owners, by).find(isOpened);
  useEscape(opened !== undefined, closeHolder);
  const { store } = useLive();
  const lanes = store.currentFrame?.lanes ?? [];
  return (
    <>
      <Callout instant={instant} />
      <ArithmeticRow memory={memory} ledgerBytes={totalBytes} parts={partsOf(owners)} />
      <div className={styles['columns']} data-details={opened !== undefined}>
        <section className={styles['main']} aria-label="Who holds the ledger">
          <header className={styles['head']}>
            <h2>Ledger</h2>
            <Segments<Grouping>
              label="By"
              value={by}
              onChange={(value) => {
                open(undefined, 'replace');
                group(value === 'client' ? undefined : value, 'replace');
              }}
              options={groupings.map((value) => ({ value, name: `By ${value}`, content: titles[value] }))}
            />
            {failure === undefined ? (
              <p className={styles['at']} data-testid="owners-at">
                at {formatTime(at)}
              </p>
            ) : (
              <p className={styles['bad']} title={failure}>
                ▲ cannot be read: {failure}
              </p>
            )}
            <div className={styles['end']}>
              <OwnerFilter search={search} onSearch={(next) => find(next, 'replace')} />
              <LinkButton href={placeHash('experiment')}>Reproduce it</LinkButton>
              <ExportMenu reading={reading} />
            </div>
          </header>
          {totalBytes === 0 && <NothingHeld />}
          {totalBytes > 0 && groups.length === 0 && (
            <NothingMatches search={search} onDrop={() => find(undefined, 'replace')} />
          )}
          {totalBytes > 0 && groups.length > 0 && (
            <GroupTable
              by={by}
              groups={groups}
              totalBytes={totalBytes}
              opened={opened}
              onOpen={(key) => open(key, opened === undefined ? 'push' : 'replace')}
            />
          )}
          <div className={styles['foot']}>
            <SumRow owners={owners} matching={matching} totalBytes={totalBytes} />
            <PartsLegend parts={partsOf(matching)} />
          </div>
        </section>
        {holder && (
          <Beside what={holder.name} of={holder.key} onClose={closeHolder}>
            <Holder
              key={holder.key}
              by={by}
              group={holder}
              search={found ? search.trim() : ''}
              lanes={lanes}
              totalBytes={totalBytes}
            />
          </Beside>
        )}
        {!holder && opened !== undefined && <Gone name={opened} />}
      </div>
    </>
  );
}

/** The sentence, and from there to the one it is about. */
function Callout({ instant: { reading } }: { readonly instant: OwnersInstant }) {
  const { store } = useLive();
  const lanes = store.currentFrame?.lanes ?? [];
  const client = mainHolder(reading.owners)?.key;
  const [object] =
    client === undefined ? [] : groupOwners(mainHolder(reading.owners)?.owners ?? [], 'object');
  const holding = { client: client ?? '', object: object?.kind === 'named' ? object.key : '' };
  const links =
    client === undefined
      ? []
      : ([
          ['Show lane', laneLink(lanes, holding)],
          ['Show requests', requestsLink(holding)],
          ['Show download', downloadLink(holding)],
        ] as const);
  return (
    <div className={styles['callout']}>
      <p data-testid="owners-sentence">{ownersSentence(reading, lanes)}</p>
      {links.map(([word, href]) =>
        href === undefined ? null : (
          <LinkButton key={word} href={href}>
            {word}
          </LinkButton>
        ),
      )}
    </div>
  );
}

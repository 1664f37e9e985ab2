/**
 * The Cache view: how full each level is and how well it does, what of each object is where, what left and why, and what
 * operators do about it. Above the levels and the last hour, below one of three lists, beside it one object.
 */
import { useEffect, useMemo, useState } from 'react';
import type { CacheList } from '#shared/cache-model.ts';
import { CacheStore } from '../../state/cache-store.ts';
import { useCommand } from '../../state/commands.ts';
import { useFootprint } from '../../state/footprint.ts';
import { useLive } from '../../state/live-context.ts';
import { useParam, usePlace } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Beside } from '../../ui/boundary.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { Refusal } from '../../ui/refusal.tsx';
import { CacheContext, useCache, useCacheActions } from './actions.ts';
import { Details, Gone } from './details.tsx';
import { Loading, NoAnswer, NotReadable } from './empty.tsx';
import { HitChart } from './hit-chart.tsx';
import { Lists } from './lists.tsx';
import { Tanks } from './tanks.tsx';
import styles from './cache-view.module.css';

export function CacheView() {
  const { store: live, follower } = useLive();
  useSignal(live.connectionChanged);
  const [store] = useState(() => new CacheStore(follower.call));
  useEffect(() => store.follow(), [store]);
  useSignal(store.changed);
  useFootprint('cache', store);
  const { actions, refusal, dismiss } = useCacheActions(store, follower.call);
  const mayChange = live.currentHello?.role === 'operator';
  const context = useMemo(() => ({ store, actions, mayChange }), [store, actions, mayChange]);
  const { kind } = live.connection;
  // What could not be read for want of a connection is read again with the connection.
  useEffect(() => (kind === 'live' ? store.refresh() : undefined), [store, kind]);
  return (
    <CacheContext value={context}>
      <main className={styles['view']} data-stale={kind !== 'live'} data-testid="cache">
        <Refusal sentence={refusal} onDismiss={dismiss} />
        {store.list ? (
          <Listed list={store.list} failure={kind === 'live' ? store.failure : undefined} />
        ) : (
          <Unlisted isConnected={kind === 'live'} hasBeenLost={live.hasBeenLost} failure={store.failure} />
        )}
      </main>
    </CacheContext>
  );
}

interface UnlistedProps {
  readonly isConnected: boolean;
  readonly hasBeenLost: boolean;
  readonly failure: string | undefined;
}

/** Nothing has been read yet: why. */
function Unlisted({ isConnected, hasBeenLost, failure }: UnlistedProps) {
  if (!isConnected) return hasBeenLost ? <NoAnswer /> : <Loading />;
  return failure === undefined ? <Loading /> : <NotReadable sentence={failure} />;
}

interface ListedProps {
  readonly list: CacheList;
  /** Why what is shown could not be read again. */
  readonly failure: string | undefined;
}

function Listed({ list, failure }: ListedProps) {
  const { store, actions } = useCache();
  const { subject } = usePlace();
  const [as, setAs] = useParam('as');
  const presentation = as === 'table' ? 'table' : 'chart';
  const present = (next: 'chart' | 'table'): void => setAs(next === 'table' ? 'table' : undefined, 'replace');
  useCommand('view.tables', () => present(presentation === 'chart' ? 'table' : 'chart'));
  useEscape(subject !== '', () => {
    actions.open(undefined);
    document.querySelector<HTMLElement>('main [role="grid"]')?.focus();
  });
  const opened = list.objects.find(({ name }) => name === subject);
  return (
    <div className={styles['columns']} data-details={subject !== ''}>
      <div className={styles['main']}>
        <div className={styles['top']} data-tiers={list.tiers.length}>
          <Tanks list={list} />
          <HitChart presentation={presentation} onPresent={present} />
        </div>
        <Lists list={list} opened={opened?.name} failure={failure} store={store} />
      </div>
      {opened && (
        <Beside what="This object" of={opened.name} onClose={() => actions.open(undefined)}>
          <Details key={opened.name} row={opened} list={list} />
        </Beside>
      )}
      {!opened && subject !== '' && <Gone name={subject} isHidden={list.hidden > 0} />}
    </div>
  );
}

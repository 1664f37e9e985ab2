/**
 * The Repositories view: what this server mirrors and serves, how current it is and where it lies, and the jobs that
 * change it. A table, the jobs above it, and the details of one repository beside it.
 */
import { useEffect, useMemo, useState } from 'react';
import type { RepositoryList } from '#shared/contract/repositories.ts';
import { useLive } from '../../state/live-context.ts';
import { usePlace } from '../../state/place.ts';
import { RepositoryStore } from '../../state/repository-store.ts';
import { useSignal } from '../../state/signal.ts';
import { Beside } from '../../ui/boundary.tsx';
import { Refusal } from '../../ui/refusal.tsx';
import { useActions } from './actions.ts';
import { RepositoriesContext, useRepositories } from './context.ts';
import { Details } from './details.tsx';
import { Loading, NoAnswer, NoneConfigured, NotReadable } from './empty.tsx';
import { JobsSection } from './jobs-section.tsx';
import { QuestionDialog } from './questions.tsx';
import { RepositoriesSection } from './repositories-section.tsx';
import { jobsOn, jobsOnTop, subjectOf } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './repositories-view.module.css';

export function RepositoriesView() {
  const { store: live, follower } = useLive();
  useSignal(live.connectionChanged);
  const [store] = useState(() => new RepositoryStore(follower.call));
  useEffect(() => store.follow(), [store]);
  useSignal(store.changed);
  const { actions, question, refusal, dismiss } = useActions(store, follower.call);
  const mayChange = live.currentHello?.role === 'operator';
  const context = useMemo(() => ({ store, actions, mayChange }), [store, actions, mayChange]);
  const { kind } = live.connection;
  // What could not be read for want of a connection is read again with the connection.
  useEffect(() => (kind === 'live' ? store.refresh() : undefined), [store, kind]);

  return (
    <RepositoriesContext value={context}>
      <main className={styles['view']} data-stale={kind !== 'live'} data-testid="repositories">
        <Refusal sentence={refusal} onDismiss={dismiss} />
        {store.list ? (
          <Listed list={store.list} failure={kind === 'live' ? store.failure : undefined} />
        ) : (
          <Unlisted isConnected={kind === 'live'} hasBeenLost={live.hasBeenLost} failure={store.failure} />
        )}
      </main>
      {question && <QuestionDialog question={question} list={store.list} />}
    </RepositoriesContext>
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
  readonly list: RepositoryList;
  /** Why what is shown could not be read again. */
  readonly failure: string | undefined;
}

function Listed({ list, failure }: ListedProps) {
  const { subject } = usePlace();
  const { actions } = useRepositories();
  const { rules, repositories, jobs } = list;
  if (rules.length === 0 && repositories.length === 0 && jobs.length === 0) return <NoneConfigured />;
  const opened = repositories.find(({ name }) => subjectOf(name) === subject);
  return (
    <div className={`${section['columns']} ${styles['columns']}`} data-details={opened !== undefined}>
      <div className={styles['main']}>
        <JobsSection jobs={jobsOnTop(list)} at={list.at} />
        <RepositoriesSection list={list} openedName={opened?.name} failure={failure} />
      </div>
      {opened && (
        <Beside what="This repository" of={opened.name} onClose={() => actions.open(undefined)}>
          <Details key={opened.name} row={opened} jobs={jobsOn(opened.name, jobs)} list={list} />
        </Beside>
      )}
    </div>
  );
}

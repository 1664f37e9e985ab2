import { useState } from 'react';
import type { RepositoryList } from '#shared/contract/repositories.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { Button } from '../../ui/button.tsx';
import { plusPath } from '../../ui/icons.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { AddForm } from './add-form.tsx';
import { patternsOf } from './addable.ts';
import { useRepositories } from './context.ts';
import { NoneYet, NothingMatches } from './empty.tsx';
import { RepositoryTable } from './repository-table.tsx';
import { filtered } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './repositories-section.module.css';

interface RepositoriesSectionProps {
  readonly list: RepositoryList;
  readonly openedName: string | undefined;
  /** Why what is shown could not be read again. */
  readonly failure: string | undefined;
}

/** All repositories; which of them to show; and a way to add one, where the rules leave any to add. */
export function RepositoriesSection({ list, openedName, failure }: RepositoriesSectionProps) {
  const [filter, setFilter] = useState('');
  const [isAdding, setAdding] = useState(false);
  const { actions, mayChange } = useRepositories();
  const { repositories, rules } = list;
  const shown = filtered(repositories, filter).toSorted((a, b) => a.name.localeCompare(b.name));
  const patterns = patternsOf(rules);
  const isEmpty = repositories.length === 0;
  // The table does it where there is one.
  useEscape(shown.length === 0 && openedName !== undefined, () => actions.open(undefined));
  return (
    <section className={styles['repositories']} aria-labelledby="repositories-title">
      <header className={section['head']}>
        <h2 id="repositories-title">Repositories</h2>
        {failure === undefined ? (
          <Summary list={list} shown={shown.length} />
        ) : (
          <span className={section['bad']}>▲ not read again: {failure}</span>
        )}
        {!isEmpty && (
          <div className={section['end']}>
            <input
              className={section['filter']}
              type="search"
              aria-label="Filter by name"
              placeholder="Filter"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
            {patterns.length > 0 && mayChange && (
              <Button weight="quiet" icon={plusPath} onPress={() => setAdding(!isAdding)}>
                Add…
              </Button>
            )}
          </div>
        )}
      </header>
      {!isEmpty && isAdding && mayChange && (
        <div className={styles['add']}>
          <AddForm rules={rules} onAdded={() => setAdding(false)} />
        </div>
      )}
      <div className={styles['content']}>
        {isEmpty && <NoneYet rules={rules} patterns={patterns} />}
        {!isEmpty && shown.length === 0 && <NothingMatches filter={filter} onDrop={() => setFilter('')} />}
        {shown.length > 0 && <RepositoryTable rows={shown} list={list} openedName={openedName} />}
      </div>
    </section>
  );
}

function Summary({ list, shown }: { readonly list: RepositoryList; readonly shown: number }) {
  const { repositories } = list;
  if (repositories.length === 0) return null;
  const snapshots = repositories.flatMap(({ snapshot }) => (snapshot ? [snapshot.bytes] : []));
  const total = snapshots.reduce((sum, bytes) => sum + bytes, 0);
  const count = formatCount(repositories.length);
  return (
    <span className={section['summary']} data-testid="repositories-summary">
      {shown === repositories.length ? count : `${formatCount(shown)} of ${count}`} · snapshots{' '}
      {formatBytes(total)}
    </span>
  );
}

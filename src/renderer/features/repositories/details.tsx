import { useEffect, useRef } from 'react';
import type { RepositoryList } from '#shared/contract/repositories.ts';
import type { Job, RepositoryRow } from '#shared/repository-model.ts';
import { useServerUrl } from '../../state/server-url.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { binPath, closePath } from '../../ui/icons.tsx';
import { BundleTable } from './bundle-table.tsx';
import { useRepositories } from './context.ts';
import { CacheFacts, MirrorFacts, SnapshotFacts } from './facts.tsx';
import { JobRow } from './job-row.tsx';
import { RepositoryActions } from './repository-actions.tsx';
import { nameParts, removalWords } from './words.ts';
import drawer from '../../ui/drawer.module.css';

interface DetailsProps {
  readonly row: RepositoryRow;
  /** Those on this repository, the newest first. */
  readonly jobs: readonly Job[];
  readonly list: RepositoryList;
}

/** Everything about one repository, in full, and what can be done with it. */
export function Details({ row, jobs, list }: DetailsProps) {
  const { actions, mayChange } = useRepositories();
  const { host, path } = nameParts(row.name);
  const serverUrl = useServerUrl();
  const close = useRef<HTMLButtonElement>(null);
  // Whoever opened it with the keyboard goes on here; a mouse needs no focus.
  useEffect(() => {
    if (document.activeElement?.matches('tr:focus-visible')) close.current?.focus();
  }, []);
  return (
    <aside className={drawer['drawer']} aria-labelledby="details-title" data-testid="details">
      <header className={drawer['head']}>
        <div>
          <h2 id="details-title" title={row.name}>
            {path}
          </h2>
          <p>{host}</p>
        </div>
        {mayChange && (
          <Button
            weight="quiet"
            icon={binPath}
            isDisabled={removalWords(row).length === 0}
            onPress={() => actions.ask({ kind: 'remove', row })}
          >
            Remove…
          </Button>
        )}
        <IconButton ref={close} icon={closePath} name="Close (Esc)" onPress={() => actions.open(undefined)} />
      </header>
      <div className={drawer['body']}>
        <RepositoryActions row={row} jobs={jobs} list={list} serverUrl={serverUrl} />
        <MirrorFacts row={row} at={list.at} />
        <SnapshotFacts row={row} at={list.at} serverUrl={serverUrl} />
        {row.snapshot && <CacheFacts row={row} totalBytes={row.snapshot.bytes} />}
        <BundleTable bundles={row.bundles} at={list.at} />
        <section>
          <h3>Jobs</h3>
          {jobs.length === 0 && <p className={drawer['quiet']}>None since the server started.</p>}
          <ul>
            {jobs.slice(0, shownJobs).map((job) => (
              <JobRow key={job.id} job={job} at={list.at} shows="kind" />
            ))}
          </ul>
        </section>
      </div>
    </aside>
  );
}

const shownJobs = 20;

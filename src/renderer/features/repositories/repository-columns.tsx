import type { ReactNode } from 'react';
import type { RepositoryList } from '#shared/contract/repositories.ts';
import type { Job, RepositoryRow } from '#shared/repository-model.ts';
import { formatAge, formatBytes, formatCommit, formatCount } from '#shared/units.ts';
import { ResidencyBar } from './residency.tsx';
import {
  behindWords,
  isOver,
  jobsOn,
  jobTitle,
  lastFailure,
  mirrorWords,
  nameParts,
  progressShare,
  residencyWords,
} from './words.ts';
import styles from './repository-table.module.css';

interface Column {
  readonly name: string;
  readonly cell: (row: RepositoryRow, list: RepositoryList) => ReactNode;
}

/** The table's columns, in order; the widths are in the style sheet. Two lines each: what, and how it is. */
export const columns: readonly Column[] = [
  { name: 'Repository', cell: (row, list) => <Name row={row} jobs={jobsOn(row.name, list.jobs)} /> },
  { name: 'Mirror', cell: ({ mirror }, { at }) => <Mirror mirror={mirror} at={at} /> },
  { name: 'Snapshot', cell: ({ snapshot }, { at }) => <Snapshot snapshot={snapshot} at={at} /> },
  { name: 'Size, ETag', cell: ({ snapshot }) => <Size snapshot={snapshot} /> },
  { name: 'In the caches', cell: (row) => <Residency row={row} /> },
  { name: 'Bundles', cell: ({ bundles }) => <Bundles bundles={bundles} /> },
];

function Name({ row, jobs }: { readonly row: RepositoryRow; readonly jobs: readonly Job[] }) {
  const { host, path } = nameParts(row.name);
  const running = jobs.find((job) => !isOver(job));
  const failure = running ? undefined : lastFailure(row.name, jobs);
  return (
    <>
      <strong title={row.name}>{path}</strong>
      <small>
        {running && `${jobTitle(running.kind)} ${running.state} · `}
        {failure && (
          <em title={failure.outcome}>
            <i aria-hidden="true">▲</i> {jobTitle(failure.kind)} failed
          </em>
        )}
        {host}
      </small>
      {running && (
        <span
          className={styles['progress']}
          aria-hidden="true"
          style={{ transform: `scaleX(${progressShare(running) ?? 0})` }}
        />
      )}
    </>
  );
}

function Mirror({ mirror, at }: { readonly mirror: RepositoryRow['mirror']; readonly at: number }) {
  const { head, branch, state } = mirror;
  return (
    <>
      <span>
        {head === undefined ? (
          <span className={styles['none']}>{state === 'ready' ? 'empty' : 'none'}</span>
        ) : (
          <code title={head}>{formatCommit(head)}</code>
        )}
        {head !== undefined && <span title={branch}> {branch ?? 'detached'}</span>}
      </span>
      <small data-attention={state === 'broken'}>{mirrorWords(mirror, at)}</small>
    </>
  );
}

interface SnapshotCell {
  readonly snapshot: RepositoryRow['snapshot'];
}

function Snapshot({ snapshot, at }: SnapshotCell & { readonly at: number }) {
  if (!snapshot) return <None />;
  const { commit, behind, storedAt } = snapshot;
  return (
    <>
      <span>
        <code title={commit}>{commit === undefined ? 'commit unknown' : formatCommit(commit)}</code>
        {behind !== undefined && behind > 0 && (
          <span className={styles['behind']}>{behindWords(snapshot)}</span>
        )}
      </span>
      <small>
        {behind === 0 ? 'current · ' : ''}made {formatAge(at - storedAt)}
      </small>
    </>
  );
}

function Size({ snapshot }: SnapshotCell) {
  if (!snapshot) return null;
  return (
    <>
      <span>{formatBytes(snapshot.bytes)}</span>
      <small title={`ETag "${snapshot.etag}"`}>
        <code>{snapshot.etag}</code>
      </small>
    </>
  );
}

function Residency({ row }: { readonly row: RepositoryRow }) {
  if (!row.snapshot) return null;
  return (
    <>
      <ResidencyBar totalBytes={row.snapshot.bytes} residency={row.residency} />
      <small>{residencyWords(row)}</small>
    </>
  );
}

function Bundles({ bundles }: { readonly bundles: RepositoryRow['bundles'] }) {
  if (bundles.length === 0) return <span className={styles['none']}>–</span>;
  const total = bundles.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <span>{formatCount(bundles.length)}</span>
      <small>{formatBytes(total)}</small>
    </>
  );
}

function None() {
  return (
    <>
      <span className={styles['none']}>none</span>
      <small>made on the first request</small>
    </>
  );
}

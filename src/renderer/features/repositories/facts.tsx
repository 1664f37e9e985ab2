import type { ReactNode } from 'react';
import type { RepositoryRow } from '#shared/repository-model.ts';
import { formatAge, formatBytes, formatCount, formatDateTime, formatShare } from '#shared/units.ts';
import { CopyIcon } from '../../ui/copy-button.tsx';
import { ResidencyBar } from './residency.tsx';
import { behindWords, subjectOf } from './words.ts';
import drawer from '../../ui/drawer.module.css';

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  /** The text to copy, where that is of use; it is shown as it is copied. */
  readonly copies?: string;
}

function Fact({ name, children, copies }: FactProps) {
  return (
    <div className={drawer['fact']}>
      <dt>{name}</dt>
      <dd>
        {copies === undefined ? <span>{children}</span> : <code>{children}</code>}
        {copies !== undefined && <CopyIcon text={copies} name={name} />}
      </dd>
    </div>
  );
}

function Moment({ at, now }: { readonly at: number; readonly now: number }) {
  return (
    <>
      {formatDateTime(at)} <span className={drawer['quiet']}>· {formatAge(now - at)}</span>
    </>
  );
}

const mirrorStates: Readonly<Record<RepositoryRow['mirror']['state'], string>> = {
  absent: 'not cloned yet',
  cloning: 'being cloned',
  ready: 'ready',
  broken: 'broken: will be cloned again',
};

interface FactsProps {
  readonly row: RepositoryRow;
  readonly at: number;
}

export function MirrorFacts({ row, at }: FactsProps) {
  const { state, head, branch, fetchedAt, bytes } = row.mirror;
  return (
    <section>
      <h3>Mirror</h3>
      <dl>
        {state !== 'ready' && <Fact name="State">{mirrorStates[state]}</Fact>}
        {head !== undefined && (
          <Fact name="HEAD" copies={head}>
            {head}
          </Fact>
        )}
        {state === 'ready' && head === undefined && <Fact name="HEAD">none: the repository is empty</Fact>}
        {head !== undefined && <Fact name="Branch">{branch ?? 'none: HEAD is detached'}</Fact>}
        {fetchedAt !== undefined && (
          <Fact name="Fetched">
            <Moment at={fetchedAt} now={at} />
          </Fact>
        )}
        {bytes !== undefined && <Fact name="On disk">{formatBytes(bytes)}</Fact>}
        {row.fetchUrl !== row.name && (
          <Fact name="Fetched from" copies={row.fetchUrl}>
            {row.fetchUrl}
          </Fact>
        )}
        <Fact name="Upstream" copies={row.name}>
          {row.name}
        </Fact>
        {row.rule !== row.name && <Fact name="Allowed by">{row.rule}</Fact>}
      </dl>
    </section>
  );
}

export function SnapshotFacts({ row, at, serverUrl }: FactsProps & { readonly serverUrl: string }) {
  const { snapshot } = row;
  if (!snapshot) {
    return (
      <section>
        <h3>Snapshot</h3>
        <p className={drawer['quiet']}>
          None yet. The first request for it makes one, or “Generate snapshot”.
        </p>
      </section>
    );
  }
  const url = new URL(`git/${subjectOf(row.name)}/snapshot.tar.zst`, serverUrl.replace(/\/?$/, '/')).href;
  return (
    <section>
      <h3>Snapshot</h3>
      <dl>
        {snapshot.commit !== undefined && (
          <Fact name="Commit" copies={snapshot.commit}>
            {snapshot.commit}
          </Fact>
        )}
        <Fact name="Compared">
          {snapshot.behind === undefined || snapshot.behind === 0
            ? behindWords(snapshot)
            : `${formatCount(snapshot.behind)} ${snapshot.behind === 1 ? 'commit' : 'commits'} behind the mirror’s HEAD`}
        </Fact>
        <Fact name="Made">
          <Moment at={snapshot.storedAt} now={at} />
        </Fact>
        <Fact name="Size">
          {formatBytes(snapshot.bytes)}{' '}
          <span className={drawer['quiet']}>· {formatCount(snapshot.bytes)} bytes</span>
        </Fact>
        <Fact name="ETag" copies={snapshot.etag}>
          {snapshot.etag}
        </Fact>
        <Fact name="URL" copies={url}>
          {url}
        </Fact>
      </dl>
    </section>
  );
}

interface CacheFactsProps {
  readonly row: RepositoryRow;
  readonly totalBytes: number;
}

export function CacheFacts({ row: { residency }, totalBytes }: CacheFactsProps) {
  const words = (bytes: number): string =>
    `${formatBytes(bytes)} · ${formatShare(bytes, totalBytes)} of the snapshot`;
  return (
    <section>
      <h3>In the caches</h3>
      <ResidencyBar totalBytes={totalBytes} residency={residency} />
      <dl>
        <Fact name="Memory">{words(residency.memoryBytes)}</Fact>
        <Fact name="Disk">{words(residency.diskBytes)}</Fact>
      </dl>
    </section>
  );
}

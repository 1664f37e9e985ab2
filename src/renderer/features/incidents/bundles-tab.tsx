/** The bundles that the server keeps: the newest three. */
import { useEffect } from 'react';
import { keptBundles } from '#shared/vocabulary/recordings.ts';
import type { KeptBundle } from '#shared/contract/incidents.ts';
import { formatAge, formatBytes, formatCount, formatDateTime } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import type { Polled } from '../../state/polled.ts';
import { useSignal } from '../../state/signal.ts';
import { Beside } from '../../ui/boundary.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import table from '../../ui/table.module.css';
import { BundleDetails } from './bundle-details.tsx';
import { useIncidents } from './context.ts';
import { useSaveFile } from './save-file.ts';
import { titleOf } from './words.ts';
import section from '../../ui/section.module.css';
import styles from './bundles-tab.module.css';

export type BundleStore = Polled<{ readonly bundles: readonly KeptBundle[] }>;

export function BundlesTab({ store }: { readonly store: BundleStore }) {
  const { mayChange } = useIncidents();
  if (!mayChange)
    return (
      <EmptyState kind="nothing" title="Bundles are for operators" testId="bundles-closed">
        <p>Settings and the state of the process are in them. Viewers see recordings and alerts.</p>
      </EmptyState>
    );
  return <OperatorsBundles store={store} />;
}

function OperatorsBundles({ store }: { readonly store: BundleStore }) {
  const { actions, list } = useIncidents();
  useEffect(() => store.follow(), [store]);
  useSignal(store.changed);
  const [openedId] = useParam('open');
  const bundles = store.value?.bundles ?? [];
  const opened = bundles.find(({ id }) => id === openedId);
  useEscape(opened !== undefined, () => actions.open(undefined));
  return (
    <div className={section['columns']} data-details={opened !== undefined}>
      <section className={styles['bundles']} aria-labelledby="bundles-title">
        <header className={section['head']}>
          <h2 id="bundles-title">Bundles</h2>
          {store.failure === undefined ? (
            <span className={section['summary']}>
              {formatCount(bundles.length)} · the newest {keptBundles} are kept
            </span>
          ) : (
            <span className={section['bad']}>▲ not read: {store.failure}</span>
          )}
          <div className={section['end']}>
            {list.state.rolling.isOn && (
              <Button weight="quiet" onPress={() => actions.ask({ kind: 'bundle' })}>
                Make a bundle…
              </Button>
            )}
          </div>
        </header>
        {store.value && bundles.length === 0 && (
          <EmptyState kind="nothing" title="No bundle yet" testId="no-bundles">
            <p>
              A bundle is one file with a recording and all that it takes to understand it. Make one of what
              is kept all the time, or of a saved recording.
            </p>
          </EmptyState>
        )}
        {bundles.length > 0 && <BundleTable bundles={bundles} openedId={opened?.id} at={list.at} />}
      </section>
      {opened && (
        <Beside what="This bundle" of={opened.id} onClose={() => actions.open(undefined)}>
          <BundleDetails key={opened.id} bundle={opened} />
        </Beside>
      )}
    </div>
  );
}

interface BundleTableProps {
  readonly bundles: readonly KeptBundle[];
  readonly openedId: string | undefined;
  readonly at: number;
}

function BundleTable({ bundles, openedId, at }: BundleTableProps) {
  const { list, actions } = useIncidents();
  const save = useSaveFile();
  const nameOf = (id: string): string => {
    const found = list.recordings.find((recording) => recording.id === id);
    return found ? titleOf(found) : 'removed since';
  };
  return (
    <div className={table['scroller']}>
      <table
        className={`${table['table']} ${styles['table']}`}
        data-lines="2"
        aria-labelledby="bundles-title"
        data-testid="bundle-table"
      >
        <thead>
          <tr>
            <th scope="col">Made</th>
            <th scope="col">Recording</th>
            <th scope="col" data-number>
              Files
            </th>
            <th scope="col" data-number>
              Size
            </th>
            <th scope="col">
              <span className="visually-hidden">Do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bundles.map((bundle) => (
            <tr key={bundle.id} data-testid="bundle" data-opened={bundle.id === openedId}>
              <td>
                <span>{formatDateTime(bundle.at)}</span>
                <small>{formatAge(at - bundle.at)}</small>
              </td>
              <td>
                <strong>{nameOf(bundle.recording)}</strong>
                <small title={bundle.note}>{bundle.note === '' ? 'no note' : bundle.note}</small>
              </td>
              <td data-number>{formatCount(bundle.files.length)}</td>
              <td data-number>{formatBytes(bundle.bytes)}</td>
              <td>
                <Button weight="quiet" onPress={() => actions.open(bundle.id)}>
                  What is in it
                </Button>
                {save && (
                  <Button weight="quiet" onPress={() => save('incident', bundle.id)}>
                    Save
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/**
 * The experiment: what many readers of different speeds do to the memory of three fetchers, on the server's machine.
 * What is to be run above; below, what the last run came to, as it comes.
 */
import { useEffect, useMemo, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import { misfit, type PlanNames } from '#shared/experiment/fit.ts';
import type { Experiment } from '#shared/experiment/outcome.ts';
import { drawExperiment } from '#shared/experiment/scene.ts';
import { loadWords } from '#shared/experiment/words.ts';
import { formatAge } from '#shared/units.ts';
import { useCommand } from '../../state/commands.ts';
import { ExperimentStore } from '../../state/experiment-store.ts';
import { useLive } from '../../state/live-context.ts';
import { notify } from '../../state/notifications.ts';
import { useParam, usePlace } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { type Draft, readDraft } from './draft.ts';
import { savePng, saveSvg } from './export-picture.ts';
import { Picture } from './picture.tsx';
import { PlanForm } from './plan-form.tsx';
import { CurveTable, RunTable } from './run-table.tsx';
import styles from './experiment-view.module.css';

const fieldNames: PlanNames = {
  objectBytes: 'Object',
  readers: 'Readers',
  speeds: 'Speeds',
  chunkBytes: 'Chunk',
  budgetBytes: 'Budget',
  ceilingBytes: 'Ceiling',
};

export function ExperimentView() {
  const { store: live, follower } = useLive();
  useSignal(live.connectionChanged);
  const [store] = useState(() => new ExperimentStore(follower.call));
  const isLive = live.connection.kind === 'live';
  useEffect(() => (isLive ? store.follow() : undefined), [store, isLive]);
  useSignal(store.changed);
  const { params } = usePlace();
  const draft = useMemo(() => readDraft(params), [params]);
  const [presentation, present] = useParam('as');
  const isTable = presentation === 'tables';
  useCommand('view.tables', () => present(isTable ? undefined : 'tables', 'replace'));
  const { state } = store;
  if (!state) return <Unread isLive={isLive} />;
  const { experiment, availableBytes } = state;
  const isOperator = live.currentHello?.role === 'operator';
  const problem = problemOf(draft, availableBytes);
  return (
    <main className={styles['view']} data-stale={!isLive} data-testid="experiment">
      <Head
        store={store}
        experiment={experiment}
        draft={draft}
        canStart={isLive && isOperator && problem === undefined}
        isOperator={isOperator}
        isTable={isTable}
        onTables={() => present(isTable ? undefined : 'tables', 'replace')}
      />
      <div className={styles['body']}>
        {isOperator && (
          <PlanForm
            draft={draft}
            availableBytes={availableBytes}
            problem={store.failure ?? (experiment?.state === 'running' ? undefined : problem)}
          />
        )}
        {experiment?.failure !== undefined && (
          <p className={styles['failure']} role="alert">
            ▲ {experiment.failure}
          </p>
        )}
        <Outcome experiment={experiment} draft={draft} isTable={isTable} />
      </div>
    </main>
  );
}

/** Before anything has run the picture has the formulas of the form. */
function Outcome({
  experiment,
  draft,
  isTable,
}: {
  readonly experiment: Experiment | undefined;
  readonly draft: Draft;
  readonly isTable: boolean;
}) {
  const scene = useMemo(
    () => drawExperiment(experiment ?? { plan: draft.plan, runs: [] }),
    [experiment, draft.plan],
  );
  return (
    <>
      <div className={styles['picture']}>
        {isTable && experiment ? <CurveTable runs={experiment.runs} /> : <Picture scene={scene} />}
      </div>
      {experiment ? (
        <RunTable experiment={experiment} />
      ) : (
        <p className={styles['none']} data-testid="experiment-none">
          Nothing has been run on this server yet. The dashed lines are what the formulas say; Start shows
          what comes of them.
        </p>
      )}
    </>
  );
}

interface HeadProps {
  readonly store: ExperimentStore;
  readonly experiment: Experiment | undefined;
  readonly draft: Draft;
  readonly canStart: boolean;
  readonly isOperator: boolean;
  readonly isTable: boolean;
  readonly onTables: () => void;
}

function Head({ store, experiment, draft, canStart, isOperator, isTable, onTables }: HeadProps) {
  const isRunning = experiment?.state === 'running';
  return (
    <header className={styles['head']}>
      <h2>Experiment</h2>
      <p data-testid="experiment-state">{experiment ? describe(experiment) : 'Not run yet'}</p>
      {experiment && (
        <>
          <Button weight="quiet" onPress={onTables}>
            {isTable ? 'Picture' : 'Table'}
          </Button>
          <Button weight="quiet" onPress={() => saveSvg(drawExperiment(experiment))}>
            Save SVG
          </Button>
          <Button
            weight="quiet"
            onPress={() => {
              savePng(drawExperiment(experiment)).catch((error: unknown) =>
                notify({ kind: 'failed', title: 'The picture was not saved', body: messageOf(error) }),
              );
            }}
          >
            Save PNG
          </Button>
        </>
      )}
      {isOperator && isRunning && (
        <Button isDisabled={store.isAsking} onPress={() => void store.stop()}>
          Stop
        </Button>
      )}
      {isOperator && !isRunning && (
        <Button
          weight="main"
          isDisabled={!canStart || store.isAsking}
          onPress={() => void store.start(draft.plan)}
        >
          Start
        </Button>
      )}
    </header>
  );
}

function describe({ state, plan, startedAt, runs }: Experiment): string {
  const load = loadWords(plan);
  if (state === 'running') return `Running ${Math.max(1, runs.length)} of 3: ${load}`;
  const how = { done: 'Run', stopped: 'Stopped', failed: 'Failed' }[state];
  return `${how} ${formatAge(Date.now() - startedAt)}: ${load}`;
}

function problemOf({ plan, problems }: Draft, availableBytes: number): string | undefined {
  // Each field says what is wrong with it.
  if (Object.keys(problems).length > 0) return 'Some fields cannot be read.';
  return misfit(plan, availableBytes, fieldNames);
}

/** Nothing has been read yet: why. */
function Unread({ isLive }: { readonly isLive: boolean }) {
  return (
    <main className={styles['view']} data-testid="experiment">
      {isLive ? (
        <EmptyState kind="nothing" title="Reading the experiment" testId="experiment-loading">
          <p>The first answer takes a moment.</p>
        </EmptyState>
      ) : (
        <EmptyState kind="disconnected" title="No connection" testId="experiment-disconnected">
          <p>The experiment appears here when Sluice answers.</p>
        </EmptyState>
      )}
    </main>
  );
}

import type { CheckResult, CheckRun } from '#shared/lab-model.ts';
import { type CheckVerdict, checkVerdicts } from '#shared/vocabulary/lab.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import { Beside } from '../../ui/boundary.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { CheckDetails } from './check-details.tsx';
import { CheckTable } from './check-table.tsx';
import { reportFormats, reportOf, saveReport } from './report.ts';
import type { Checking } from './use-check.ts';
import styles from './check-tab.module.css';

interface CheckTabProps {
  readonly checking: Checking;
  readonly url: string;
  readonly isConnected: boolean;
}

/** A server, check by check: what is broken first, and why, and what reproduces it. */
export function CheckTab({ checking: { run, failure, start }, url, isConnected }: CheckTabProps) {
  const [verdict, setVerdict] = useParam('verdict');
  const [opened, open] = useParam('check');
  const shown = run?.results.filter((result) => verdict === undefined || result.verdict === verdict) ?? [];
  // Else the table closes it.
  useEscape(opened !== undefined && shown.length === 0, () => open(undefined));
  if (failure !== undefined && run === undefined) {
    return (
      <EmptyState kind="nothing" title="Not checked" testId="not-checked">
        <p role="alert">{failure}</p>
      </EmptyState>
    );
  }
  if (run === undefined)
    return <NothingChecked url={url} isConnected={isConnected} onCheck={() => start(url)} />;
  const result = run.results.find(({ id }) => id === opened);
  return (
    <div
      className={styles['columns']}
      data-details={result !== undefined}
      data-testid="check-run"
      data-state={run.state}
    >
      <div className={styles['main']}>
        <RunHead run={run} verdict={verdict} onVerdict={setVerdict} />
        {run.failure !== undefined && (
          <p className={styles['failure']} role="alert">
            <span aria-hidden="true">▲</span> {run.failure}
          </p>
        )}
        {shown.length > 0 && <CheckTable results={shown} opened={opened} onOpen={open} />}
        {shown.length === 0 && run.results.length > 0 && (
          <EmptyState kind="no-match" title="Nothing matches">
            <p>No check came out as “{verdict}”.</p>
            <Button onPress={() => setVerdict(undefined)}>Show all</Button>
          </EmptyState>
        )}
        {run.results.length === 0 && run.state === 'running' && (
          <EmptyState kind="nothing" title="Looking at the object" testId="looking">
            <p>{run.url}</p>
          </EmptyState>
        )}
      </div>
      {result && (
        <Beside what="This check" of={result.id} onClose={() => open(undefined)}>
          <CheckDetails result={result} onClose={() => open(undefined)} />
        </Beside>
      )}
    </div>
  );
}

interface NothingCheckedProps {
  readonly url: string;
  readonly isConnected: boolean;
  readonly onCheck: () => void;
}

function NothingChecked({ url, isConnected, onCheck }: NothingCheckedProps) {
  if (!isConnected) {
    return (
      <EmptyState kind="disconnected" title="No connection">
        <p>Checks are made by the server. They can be started when it answers again.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState kind="nothing" title="Nothing checked yet">
      <p>
        Type the URL of an object above. It is then asked for in many ways, and each answer is held against
        RFC 9110: ranges, If-Range, preconditions and their order, HEAD, 304, 416. Nothing is changed, and
        little is read.
      </p>
      <Button weight="main" isDisabled={url === ''} onPress={onCheck}>
        Check {url === '' ? 'a server' : 'this server'}
      </Button>
    </EmptyState>
  );
}

interface RunHeadProps {
  readonly run: CheckRun;
  readonly verdict: string | undefined;
  readonly onVerdict: (verdict: string | undefined) => void;
}

function RunHead({ run, verdict, onVerdict }: RunHeadProps) {
  const { results, total, state } = run;
  const options = [
    { value: 'all', name: `All ${results.length}`, content: `All ${results.length}` },
    ...checkVerdicts.map((each) => {
      const words = `${names[each]} ${countOf(results, each)}`;
      return { value: each, name: words, content: words };
    }),
  ];
  return (
    <header className={styles['head']}>
      <div className={styles['line']}>
        <strong data-testid="check-summary">{summary(run)}</strong>
        <span>{objectWords(run)}</span>
      </div>
      <div className={styles['line']}>
        <Segments
          label="Which checks"
          value={verdict ?? 'all'}
          onChange={(next) => onVerdict(next === 'all' ? undefined : next)}
          options={options}
        />
        <div className={styles['exports']}>
          {state !== 'running' &&
            results.length > 0 &&
            reportFormats.map((format) => (
              <Button
                key={format}
                weight="quiet"
                title={`Save as ${format}`}
                onPress={() => saveReport(reportOf(run, format))}
              >
                {format}
              </Button>
            ))}
        </div>
      </div>
      {state === 'running' && <progress aria-label="Checks done" max={total} value={results.length} />}
    </header>
  );
}

const names: Readonly<Record<CheckVerdict, string>> = {
  pass: 'Pass',
  fail: 'Fail',
  warn: 'Warn',
  'not applicable': 'Not applicable',
};

function countOf(results: readonly CheckResult[], verdict: CheckVerdict): number {
  return results.filter((result) => result.verdict === verdict).length;
}

function summary({ state, results, total, durationMs }: CheckRun): string {
  const failed = countOf(results, 'fail');
  if (state === 'running') return `${results.length} of ${total} checks`;
  if (state === 'cancelled') return `Cancelled after ${results.length} of ${total} checks`;
  if (state === 'failed') return `Ended after ${results.length} of ${total} checks`;
  const musts = failed === 0 ? 'Every MUST holds' : `${failed} broken ${failed === 1 ? 'MUST' : 'MUSTs'}`;
  return `${musts}, in ${formatDuration(durationMs)}`;
}

function objectWords({ object, url }: CheckRun): string {
  if (!object) return url;
  const { length, etag, server, address } = object;
  return [
    object.url,
    length === undefined ? 'length unknown' : formatBytes(length),
    etag ?? 'no ETag',
    server ?? address,
  ].join(' · ');
}

import { formulaBytes, variantTitles } from '#shared/experiment/formula.ts';
import type { Experiment, Run } from '#shared/experiment/outcome.ts';
import { endingWords, finishedWords } from '#shared/experiment/words.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import table from '../../ui/table.module.css';
import twin from '../../ui/twin.module.css';
import styles from './run-table.module.css';

const titles = ['Fetcher', 'Formula', 'Bodies', 'Resident', 'At rest', 'CPU', 'Readers', 'Outcome'] as const;
const texts: ReadonlySet<string> = new Set(['Fetcher', 'Outcome']);

/** What each fetcher came to so far. */
export function RunTable({ experiment: { plan, runs } }: { readonly experiment: Experiment }) {
  return (
    <table className={`${table['table']} ${styles['runs']}`} data-testid="experiment-runs">
      <caption className="visually-hidden">What each fetcher came to, at most</caption>
      <thead>
        <tr>
          {titles.map((title) => (
            <th key={title} scope="col" data-number={!texts.has(title)}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.variant} data-variant={run.variant} data-ending={run.ending ?? 'none'}>
            <th scope="row">{variantTitles[run.variant]}</th>
            <td data-number>{formatBytes(formulaBytes(plan, run.variant))}</td>
            <td data-number>{formatBytes(run.peakBodyBytes)}</td>
            <td data-number>{formatBytes(run.peakRssBytes)}</td>
            <td data-number>{formatBytes(run.idleBytes)}</td>
            <td data-number>{formatDuration(run.cpuMs)}</td>
            <td data-number>{finishedWords(run)}</td>
            <td>{endingWords(run, plan)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const rows = 40;

/** The curves in numbers: what the picture shows, for those who do not see it. */
export function CurveTable({ runs }: { readonly runs: readonly Run[] }) {
  const mostMs = Math.max(0, ...runs.map(({ elapsedMs }) => elapsedMs));
  const times = Array.from({ length: rows }, (_, index) => (index * mostMs) / (rows - 1));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must reach it
    <section className={styles['frame']} tabIndex={0} aria-label="The curves in numbers">
      <table className={twin['twin']} data-testid="experiment-curves">
        <caption className="visually-hidden">Memory over time: bodies and resident, of each fetcher</caption>
        <thead>
          <tr>
            <th scope="col">After</th>
            {runs.flatMap(({ variant }) => [
              <th key={`${variant} bodies`} scope="col">
                {variantTitles[variant]}, bodies
              </th>,
              <th key={`${variant} resident`} scope="col">
                resident
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {times.map((atMs) => (
            <tr key={atMs}>
              <th scope="row">{formatDuration(atMs)}</th>
              {runs.flatMap((run) => {
                const [, rss, bodies] = sampleAt(run, atMs);
                return [
                  <td key={`${run.variant} bodies`}>{bodies === undefined ? '–' : formatBytes(bodies)}</td>,
                  <td key={`${run.variant} resident`}>{rss === undefined ? '–' : formatBytes(rss)}</td>,
                ];
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Nothing after its end. */
function sampleAt({ samples, elapsedMs }: Run, atMs: number) {
  if (atMs > elapsedMs) return [];
  return samples.findLast(([at]) => at <= atMs) ?? [];
}

/** From what was asked to what was served, each step with the section of RFC 9110 that decides it. */
import type { Explanation } from '#shared/explain.ts';
import type { ByteRange } from '#shared/range.ts';
import type { RequestDetail } from '#shared/request-model.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { statusWord } from '../../../ui/status-word.ts';
import { ByteMap } from './byte-map.tsx';
import { explainDetail } from './explained.ts';
import styles from './drawer.module.css';

export function RangeTab({ detail }: { readonly detail: RequestDetail }) {
  const explanation = explainDetail(detail);
  const { row, representation } = detail;
  const served = (row.spans ?? []).map(([start, end]) => ({ start, end }));
  return (
    <div className={styles['body']}>
      <section>
        <h3>Why {row.status}</h3>
        {explanation ? (
          <Verdict explanation={explanation} status={row.status} />
        ) : (
          <p>
            Nothing was selected that its fields could be held against: {row.status} {statusWord(row.status)}{' '}
            has another reason.
          </p>
        )}
      </section>
      {explanation && explanation.steps.length > 0 && (
        <section>
          <h3>Step by step</h3>
          <ol className={styles['steps']}>
            {explanation.steps.map((step) => (
              <li key={step.field} data-verdict={step.verdict} data-testid="step">
                <p>
                  <code>
                    {step.field}: {step.value}
                  </code>
                  <b>{step.verdict}</b>
                </p>
                <p>{step.sentence}</p>
                <p className={styles['quiet']}>{step.section}</p>
              </li>
            ))}
          </ol>
        </section>
      )}
      {representation && (
        <section>
          <h3>Bytes of the object, {formatBytes(representation.length)}</h3>
          <ByteMap
            length={representation.length}
            asked={(explanation?.asked ?? []).flatMap(({ range }) => (range ? [range] : []))}
            resolved={explanation?.ranges ?? []}
            served={served}
            tiers={detail.tierSpans}
          />
          <RangeTable explanation={explanation} served={served} />
        </section>
      )}
      {representation && (
        <section>
          <h3>What was there</h3>
          <p>
            <code>{representation.etag}</code>
          </p>
          <p className={styles['quiet']}>
            Last modified {new Date(representation.lastModified).toUTCString()}
          </p>
        </section>
      )}
    </div>
  );
}

interface VerdictProps {
  readonly explanation: Explanation;
  readonly status: number;
}

/** The answer in a sentence; and when the fields alone would have got another one, that too. */
function Verdict({ explanation, status }: VerdictProps) {
  if (explanation.status === status) return <p data-testid="verdict">{explanation.sentence}</p>;
  return (
    <>
      <p data-testid="verdict">
        Its fields ask for {explanation.status} {statusWord(explanation.status)}: {explanation.sentence}
      </p>
      <p className={styles['bad']}>
        ▲ The answer was {status} {statusWord(status)}, for a reason that is not in them.
      </p>
    </>
  );
}

interface RangeTableProps {
  readonly explanation: Explanation | undefined;
  readonly served: readonly ByteRange[];
}

function RangeTable({ explanation, served }: RangeTableProps) {
  const asked = explanation?.asked ?? [];
  const words = ({ start, end }: ByteRange): string =>
    `${formatCount(start)} – ${formatCount(end - 1)} · ${formatBytes(end - start)}`;
  const resolved = explanation?.ranges ?? [];
  return (
    <table className={styles['ranges']} aria-label="Asked, resolved and served">
      <tbody>
        {asked.map(({ text, sentence }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the same range may be asked for twice
          <tr key={`asked ${index} ${text}`}>
            <th scope="row">Asked</th>
            <td>
              <code>{text}</code>
              <p>{sentence}</p>
            </td>
          </tr>
        ))}
        {resolved.map((range) => (
          <tr key={`resolved ${range.start}`}>
            <th scope="row">Resolved</th>
            <td>{words(range)}</td>
          </tr>
        ))}
        {served.map((range) => (
          <tr key={`served ${range.start}`}>
            <th scope="row">Served</th>
            <td>{words(range)}</td>
          </tr>
        ))}
        {served.length === 0 && (
          <tr>
            <th scope="row">Served</th>
            <td>no byte of it</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

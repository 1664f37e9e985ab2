import type { ExplainedRepresentation, Explanation, Step } from '#shared/explain.ts';
import { formatHttpDate } from '#shared/http/date.ts';
import type { LabRequest } from '#shared/lab-model.ts';
import { formatBytes } from '#shared/units.ts';
import { Button } from '../../ui/button.tsx';
import { ByteMap } from './byte-map.tsx';
import { statusTitle } from './words.ts';
import styles from './beforehand.module.css';

interface BeforehandProps {
  readonly request: LabRequest;
  readonly known: ExplainedRepresentation | undefined;
  readonly explained: Explanation | undefined;
  readonly canLook: boolean;
  readonly onLook: () => void;
}

/** What the request should come to, before it is sent: with Sluice's own rules, which are those of RFC 9110. */
export function Beforehand({ request, known, explained, canLook, onLook }: BeforehandProps) {
  return (
    <section className={styles['beforehand']} aria-labelledby="lab-beforehand" data-testid="beforehand">
      <h3 id="lab-beforehand">Beforehand</h3>
      {known === undefined && (
        <div className={styles['look']}>
          <p>Look at the object first, and each field is explained as you type it.</p>
          <Button isDisabled={!canLook} onPress={onLook}>
            Look with HEAD
          </Button>
        </div>
      )}
      {known && <Facts known={known} />}
      {request.method === 'OPTIONS' && (
        <p className={styles['quiet']}>OPTIONS asks about methods: no range or condition counts.</p>
      )}
      {known && explained && (
        <>
          <p className={styles['sentence']} data-testid="expected">
            <strong>{statusTitle(explained.status)}</strong> {explained.sentence}
          </p>
          <Steps steps={explained.steps} />
          {explained.asked.length > 0 && (
            <>
              <ByteMap
                length={known.length}
                asked={explained.asked.flatMap(({ range }) => range ?? [])}
                expected={explained.ranges}
              />
              <ul className={styles['asked']}>
                {explained.asked.map(({ text, sentence }, index) => (
                  // oxlint-disable-next-line react/no-array-index-key -- the same range may be asked for twice
                  <li key={index}>
                    <code>{text}</code> {sentence}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}

function Facts({ known: { length, etag, lastModified } }: { readonly known: ExplainedRepresentation }) {
  const facts = [
    formatBytes(length),
    etag === undefined ? 'no ETag' : etag,
    lastModified === undefined ? 'no Last-Modified' : formatHttpDate(new Date(lastModified)),
  ];
  return <p className={styles['quiet']}>{facts.join(' · ')}</p>;
}

const signs: Readonly<Record<Step['verdict'], string>> = {
  holds: '✓',
  applies: '✓',
  fails: '▲',
  ignored: '–',
};

/** The fields in the order in which they are asked. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  if (steps.length === 0) return <p className={styles['quiet']}>No range and no condition is asked for.</p>;
  return (
    <ol className={styles['steps']}>
      {steps.map(({ field, verdict, sentence, section }) => (
        <li key={field} data-verdict={verdict}>
          <span aria-hidden="true">{signs[verdict]}</span>
          <b>
            {field} <em>{verdict}</em>
          </b>
          <p>
            {sentence} <small>{section}</small>
          </p>
        </li>
      ))}
    </ol>
  );
}

import { curlLine } from '#shared/curl.ts';
import type { LabAnswer, LabTiming } from '#shared/lab-model.ts';
import { formatCount, formatDuration, formatTime } from '#shared/units.ts';
import { cssShare } from '../../ui/css-share.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton, CopyIcon } from '../../ui/copy-button.tsx';
import { Steps } from './beforehand.tsx';
import { ByteMap } from './byte-map.tsx';
import { bytesOfBase64, hexLines } from '../../ui/hex.ts';
import { servedRanges } from './representation.ts';
import type { Answered } from './use-sending.ts';
import { agreementOf, bodyWords, noteOf, statusTitle } from './words.ts';
import styles from './answer.module.css';

interface AnswerProps {
  readonly answered: Answered;
  /** Takes another URL into the form; it is not asked. */
  readonly onFollow: (url: string) => void;
  /** Whether it is about the URL that stands in the form. */
  readonly isOfNow: boolean;
}

/** All that came, and whether it is what had been explained. */
export function Answer({ answered, onFollow, isOfNow }: AnswerProps) {
  const { answer, explained, representation, request, at } = answered;
  const agreement = explained && agreementOf(explained, answer);
  const served = servedRanges(answer);
  return (
    <article className={styles['answer']} data-testid="answer" data-status={answer.status}>
      <header className={styles['head']}>
        <div>
          <h3>{statusTitle(answer.status)}</h3>
          <p>
            {request.method} {isOfNow ? '' : `${answer.url} `}from {answer.address} in{' '}
            {formatDuration(answer.timing.totalMs)} at {formatTime(at)}
          </p>
        </div>
        <CopyButton
          text={curlLine({ url: answer.url, method: request.method, fields: curlFields(answer) })}
          label="Copy as curl"
        />
      </header>
      <div className={styles['body']}>
        {agreement && (
          <p className={styles['agreement']} data-agrees={agreement.agrees} data-testid="agreement">
            <span aria-hidden="true">{agreement.agrees ? '✓' : '▲'}</span> {agreement.sentence}
          </p>
        )}
        {answer.location !== undefined && (
          <p className={styles['agreement']}>
            <span>It redirects to {answer.location}.</span>{' '}
            <Button onPress={() => onFollow(answer.location ?? '')}>Take that URL</Button>
          </p>
        )}
        {explained && representation && (explained.asked.length > 0 || served.length > 0) && (
          <section>
            <ByteMap
              length={representation.length}
              asked={
                explained.asked.length > 0
                  ? explained.asked.flatMap(({ range }) => range ?? [])
                  : explained.ranges
              }
              served={served}
            />
          </section>
        )}
        {explained && explained.steps.length > 0 && agreement && !agreement.agrees && (
          <section>
            <h4>Why it was expected</h4>
            <Steps steps={explained.steps} />
          </section>
        )}
        <Timing timing={answer.timing} />
        <Fields answer={answer} />
        <Body answer={answer} />
      </div>
    </article>
  );
}

/** What the transport adds by itself is curl's to add. */
function curlFields({ sent }: LabAnswer): LabAnswer['sent'] {
  return sent.filter(([name]) => !/^(host|connection)$/i.test(name));
}

const phases = [
  ['lookupMs', 'Look-up'],
  ['connectMs', 'Connect'],
  ['tlsMs', 'TLS'],
  ['firstByteMs', 'First byte'],
  ['bodyMs', 'Body'],
] as const satisfies readonly (readonly [keyof LabTiming, string])[];

function Timing({ timing }: { readonly timing: LabTiming }) {
  const { totalMs } = timing;
  const rows = phases.flatMap(([key, name]) => {
    const tookMs = timing[key];
    return tookMs === undefined ? [] : [{ name, tookMs }];
  });
  const startMs = (index: number): number =>
    rows.slice(0, index).reduce((sum, { tookMs }) => sum + tookMs, 0);
  const percent = (part: number): string => cssShare(totalMs > 0 ? part / totalMs : 0);
  return (
    <section>
      <h4>Time</h4>
      <table className={styles['timing']}>
        <tbody>
          {rows.map(({ name, tookMs }, index) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <i style={{ marginLeft: percent(startMs(index)), width: percent(tookMs) }} />
                <span>{formatDuration(tookMs)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Fields({ answer }: { readonly answer: LabAnswer }) {
  const { fields, moreFields } = answer;
  return (
    <section>
      <h4>Fields</h4>
      <table className={styles['fields']} data-testid="fields">
        <tbody>
          {fields.map(([name, value], index) => {
            const note = noteOf(name);
            return (
              // oxlint-disable-next-line react/no-array-index-key -- a field may come twice
              <tr key={index} data-matters={note !== undefined}>
                <th scope="row">{name}</th>
                <td>
                  <code>{value}</code>
                  {note !== undefined && <small>{note}</small>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {moreFields > 0 && (
        <p className={styles['quiet']}>And {formatCount(moreFields)} more, which are not kept.</p>
      )}
    </section>
  );
}

function Body({ answer }: { readonly answer: LabAnswer }) {
  const bytes = bytesOfBase64(answer.start);
  return (
    <section>
      <h4>Body</h4>
      <p data-testid="body-words">{bodyWords(answer)}</p>
      {answer.bodyBytes > 0 && (
        <p className={styles['digest']}>
          <span>SHA-256{answer.ended === 'whole' ? '' : ' of what was read'}</span>{' '}
          <code>{answer.sha256}</code>
          <CopyIcon text={answer.sha256} name="SHA-256" />
        </p>
      )}
      {bytes.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- to be scrolled with the keyboard
        <section className={styles['dump']} aria-label="First bytes of the body" tabIndex={0}>
          <table data-testid="hex">
            <thead className="visually-hidden">
              <tr>
                <th scope="col">Offset</th>
                <th scope="col">Bytes</th>
                <th scope="col">Text</th>
              </tr>
            </thead>
            <tbody>
              {hexLines(bytes).map(({ offset, digits, text }) => (
                <tr key={offset}>
                  <th scope="row">{offset}</th>
                  <td>{digits}</td>
                  <td>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

/** The same request once more, with other conditions; and how the answer differs. */
import { type SubmitEvent, useState } from 'react';
import type { Replay as ReplayAnswer } from '#shared/contract/requests.ts';
import { messageOf } from '#shared/errors.ts';
import type { RequestDetail } from '#shared/request-model.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { useLive } from '../../../state/live-context.ts';
import { placeHash } from '../../../state/place.ts';
import { bytesOfBase64, hexLines } from '../../../ui/hex.ts';
import { statusWord } from '../../../ui/status-word.ts';
import { Segments } from '../../../ui/segments.tsx';
import { FieldTable } from './headers.tsx';
import { differencesOf, editable, editsOf, type Method, replayInput } from './replayed.ts';
import styles from './drawer.module.css';

const methods = [
  { value: 'GET', name: 'GET', content: 'GET' },
  { value: 'HEAD', name: 'HEAD', content: 'HEAD' },
] as const;

/** Of the body's beginning that comes with the answer. */
const shownBytes = 256;

export function Replay({ detail }: { readonly detail: RequestDetail }) {
  const { follower } = useLive();
  const [method, setMethod] = useState<Method>(detail.row.method === 'HEAD' ? 'HEAD' : 'GET');
  const [edits, setEdits] = useState(() => editsOf(detail));
  const [answer, setAnswer] = useState<ReplayAnswer>();
  const [refusal, setRefusal] = useState<string>();
  const [isSending, setSending] = useState(false);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    setSending(true);
    setRefusal(undefined);
    void follower
      .call((client) => client.requests.replay(replayInput(detail, method, edits)))
      .then(setAnswer, (error: unknown) => setRefusal(messageOf(error)))
      .finally(() => setSending(false));
  };
  return (
    <div className={styles['body']}>
      <section>
        <h3>Send it again</h3>
        <form className={styles['replay']} onSubmit={onSubmit}>
          <div>
            <Segments label="Method" value={method} onChange={setMethod} options={methods} />
            <code title={detail.url}>{detail.url}</code>
          </div>
          {editable.map((name) => (
            <label key={name}>
              <span>{name}</span>
              <input
                value={edits[name]}
                placeholder="none"
                spellCheck={false}
                autoComplete="off"
                onChange={({ target }) => setEdits({ ...edits, [name]: target.value })}
              />
            </label>
          ))}
          <p className={styles['quiet']}>
            The server asks itself, like any client. Secrets are not sent again.
          </p>
          <button type="submit" className={styles['send']} disabled={isSending}>
            {isSending ? 'Sending…' : 'Send'}
          </button>
        </form>
        {refusal !== undefined && (
          <p className={styles['bad']} role="alert">
            ▲ {refusal}
          </p>
        )}
      </section>
      {answer && <Answer answer={answer} detail={detail} />}
    </div>
  );
}

interface AnswerProps {
  readonly answer: ReplayAnswer;
  readonly detail: RequestDetail;
}

function Answer({ answer, detail }: AnswerProps) {
  const differences = differencesOf(detail, answer);
  const dump = hexLines(bytesOfBase64(answer.bodyStart).subarray(0, shownBytes)).map(
    ({ offset, digits, text }) => `${offset}  ${digits} ${text}`,
  );
  return (
    <>
      <section data-testid="replayed" data-status={answer.status}>
        <h3>Answer</h3>
        <p>
          <b>{answer.status}</b> {statusWord(answer.status)} · {formatBytes(answer.bodyBytes)} · head after{' '}
          {formatDuration(answer.headMs)}, end after {formatDuration(answer.durationMs)}
          {answer.seq !== undefined && (
            <>
              {' · '}
              <a href={placeHash('requests', `${answer.seq}`)}>request {answer.seq}</a>
            </>
          )}
        </p>
        {!answer.complete && <p className={styles['quiet']}>The rest of the body was not waited for.</p>}
      </section>
      <section>
        <h3>{differences.length === 0 ? 'No difference' : 'What is different'}</h3>
        {differences.length === 0 && <p>Status, length and fields are as they were.</p>}
        {differences.length > 0 && (
          <table className={styles['differences']} data-testid="differences">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Then</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ name, before, after }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{before}</td>
                  <td>{after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <FieldTable title="Answer" fields={answer.headers} />
      {dump.length > 0 && (
        <section>
          <h3>First bytes</h3>
          <pre className={styles['dump']}>{dump.join('\n')}</pre>
        </section>
      )}
    </>
  );
}

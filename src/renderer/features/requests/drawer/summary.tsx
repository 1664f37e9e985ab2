import type { RequestDetail } from '#shared/request-model.ts';
import {
  formatBytes,
  formatCount,
  formatDateTime,
  formatDuration,
  formatRate,
  formatShare,
} from '#shared/units.ts';
import { placeHash } from '../../../state/place.ts';
import type { RequestFacts } from '../../../state/request-store.ts';
import { CopyIcon } from '../../../ui/copy-button.tsx';
import { quotedValue } from '../filter/edit.ts';
import { conditionName, ifRangeSentence, outcomeWord, rangeKindWord } from '../words.ts';
import { Fact, Facts } from './facts.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import styles from './drawer.module.css';

interface SummaryProps {
  readonly row: RequestFacts;
  readonly detail: RequestDetail | undefined;
}

/** What was asked, what came of it, and where to look on. */
export function Summary({ row, detail }: SummaryProps) {
  return (
    <div className={styles['body']}>
      <section>
        <h3>Asked</h3>
        <Facts>
          <Fact name="Object">
            <code>{row.target}</code> <CopyIcon text={row.target} name="the name" />
          </Fact>
          {detail && detail.url !== row.target && (
            <Fact name="URL">
              <code>{detail.url}</code>
            </Fact>
          )}
          <Fact name="Method">{row.method}</Fact>
          <Fact name="Range">
            {row.range === undefined ? 'none: the whole' : <code>{row.range}</code>}{' '}
            {row.range !== undefined && (
              <span className={styles['quiet']}>{rangeKindWord(row.rangeKind)}</span>
            )}
          </Fact>
          {row.ifRange !== undefined && <Fact name="If-Range">{ifRangeSentence(row.ifRange)}</Fact>}
          <Fact name="Client">
            <code>{row.client}</code>
          </Fact>
          <Fact name="Came">{formatDateTime(row.at)}</Fact>
          <Fact name="Number">{formatCount(row.seq)}</Fact>
        </Facts>
      </section>
      <section>
        <h3>Answered</h3>
        <Facts>
          <Fact name="Status">
            <b>{row.status}</b> {outcomeWord(row)}
          </Fact>
          {row.condition !== undefined && (
            <Fact name="Because of">
              {conditionName(row.condition)}, see <i>Range</i>
            </Fact>
          )}
          <Fact name="Sent">
            {formatBytes(row.sentBytes)}
            <span className={styles['quiet']}>
              {row.askedBytes !== undefined &&
                row.askedBytes > 0 &&
                ` ${formatShare(row.sentBytes, row.askedBytes)} of ${formatBytes(row.askedBytes)}`}
              {row.durationMs > 0 &&
                row.sentBytes > 0 &&
                ` · ${formatRate((row.sentBytes / row.durationMs) * 1000)}`}
            </span>
          </Fact>
          {!row.complete && (
            <Fact name="Complete">
              <span className={styles['bad']}>▲ no: the connection ended before all was sent</span>
            </Fact>
          )}
          {row.objectBytes !== undefined && <Fact name="Object size">{formatBytes(row.objectBytes)}</Fact>}
          {row.tier !== undefined && <Fact name="Tier">{row.tier}: the slowest level that was asked</Fact>}
          <Fact name="First byte">
            {row.firstByteMs === undefined ? 'none was sent' : `after ${formatDuration(row.firstByteMs)}`}
          </Fact>
          <Fact name="Duration">{formatDuration(row.durationMs)}</Fact>
          {row.heldMs !== undefined && (
            <Fact name="Held">
              {formatDuration(row.heldMs)}{' '}
              <span className={styles['quiet']}>the longest that a complete chunk waited for the client</span>
            </Fact>
          )}
        </Facts>
      </section>
      <section>
        <h3>Others</h3>
        <p className={styles['links']}>
          <LinkButton href={placeHash('requests', '', { q: `object:${quotedValue(row.target)}` })}>
            Of this object
          </LinkButton>
          <LinkButton href={placeHash('requests', '', { q: `client:${quotedValue(row.client)}` })}>
            Of this client
          </LinkButton>
          <LinkButton
            href={placeHash('requests', '', {
              q: `object:${quotedValue(row.target)} client:${quotedValue(row.client)}`,
            })}
          >
            Of both
          </LinkButton>
        </p>
      </section>
    </div>
  );
}

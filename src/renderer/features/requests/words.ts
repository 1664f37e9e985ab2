/** What a request came to, in words: for cells, the drawer and comparisons. */
import type { FailedCondition, IfRangeVerdict, RangeKind, Tier } from '#shared/vocabulary/requests.ts';
import { formatBytes } from '#shared/units.ts';
import type { RequestFacts } from '../../state/request-store.ts';
import { statusWord } from '../../ui/status-word.ts';

const fields: Readonly<Record<FailedCondition, string>> = {
  'if-match': 'If-Match',
  'if-none-match': 'If-None-Match',
  'if-modified-since': 'If-Modified-Since',
  'if-unmodified-since': 'If-Unmodified-Since',
};

/** The field of a precondition, as it is written. */
export function conditionName(condition: FailedCondition | undefined): string {
  return condition === undefined ? '–' : fields[condition];
}

/** The word beside a status: `Partial`, and for 412 the field that failed. */
export function outcomeWord({ status, condition }: Pick<RequestFacts, 'status' | 'condition'>): string {
  return status === 412 && condition !== undefined ? fields[condition] : statusWord(status);
}

const ifRangeWords: Readonly<Record<IfRangeVerdict, string>> = {
  'etag-match': '= etag ✓',
  'etag-miss': '≠ → 200',
  'date-match': '= date ✓',
  'date-miss': '≠ date → 200',
  ignored: 'ignored',
};

const ifRangeSentences: Readonly<Record<IfRangeVerdict, string>> = {
  'etag-match': 'The entity tag is the one of what is there: the range was answered',
  'etag-miss': 'The entity tag is another one: the whole was sent instead of the range',
  'date-match': 'The date is the one of what is there: the range was answered',
  'date-miss': 'The date is another one: the whole was sent instead of the range',
  ignored: 'Without a Range there is nothing for If-Range to decide',
};

/** The cell of If-Range; a dash when there was none. */
export function ifRangeWord(verdict: IfRangeVerdict | undefined): string {
  return verdict === undefined ? '–' : ifRangeWords[verdict];
}

export function ifRangeSentence(verdict: IfRangeVerdict | undefined): string {
  return verdict === undefined ? 'No If-Range field' : ifRangeSentences[verdict];
}

const kindWords: Readonly<Record<RangeKind, string>> = {
  none: 'no range',
  single: 'one range',
  open: 'from a byte to the end',
  suffix: 'the last bytes',
  multi: 'several ranges',
  ignored: 'ignored: malformed or another unit',
};

export function rangeKindWord(kind: RangeKind | undefined): string {
  return kindWords[kind ?? 'none'];
}

type Counted = Pick<RequestFacts, 'sentBytes' | 'askedBytes' | 'complete'>;

/** `256 KiB`, or `1.2 MiB / 5 MiB` when not all that was promised was sent. */
export function bytesWord({ sentBytes, askedBytes, complete }: Counted): string {
  const sent = formatBytes(sentBytes);
  return complete || askedBytes === undefined ? sent : `${sent} / ${formatBytes(askedBytes)}`;
}

const letters: Readonly<Record<Tier, string>> = { memory: 'M', disk: 'D', store: 'S' };

export function tierLetter(tier: Tier | undefined): string {
  return tier === undefined ? '' : letters[tier];
}

/** Whether a row asks to be looked at: refused, failed or cut off. */
export function hasFailed({ status, complete }: Pick<RequestFacts, 'status' | 'complete'>): boolean {
  return status >= 400 || !complete;
}

/** A heap snapshot of V8 in summary: how many objects of each constructor there are, and what they keep. */
import { formatBytes, formatCount } from '#shared/units.ts';
import type { ConstructorLine, ProfileInfo } from '../../state/profile-questions.ts';
import { NothingMatches } from './empty.tsx';
import { orderText, parseOrder } from '../../ui/order.ts';
import { type ProfileColumn, ProfileGrid } from './profile-grid.tsx';
import { SearchField } from './search-field.tsx';
import { Sentence } from './sentence.tsx';
import { changeAddress, useProfileAddress } from './use-address.ts';
import { useAnswer } from './use-answer.ts';
import { exactWords, factsOf, percentWords } from './words.ts';
import styles from './profile-body.module.css';
import toolbar from './toolbar.module.css';
import tables from './tables.module.css';

export function SnapshotBody({ info }: { readonly info: ProfileInfo }) {
  const { search, sort } = useProfileAddress();
  const columns = columnsOf(info.snapshot?.totalBytes ?? 0);
  const order = parseOrder(
    sort,
    columns.map(({ name }) => name),
    { column: 'retained', direction: -1 },
  );
  const { answer } = useAnswer('constructors', { id: info.id, ...order, search });
  const largest = useAnswer('constructors', { id: info.id, column: 'self', direction: -1, search: '' });
  const first = largest.answer?.rows[0];
  const total = info.snapshot?.totalBytes ?? 0;
  return (
    <section className={styles['body']} aria-label={info.name}>
      <Sentence
        code={first?.name}
        rest={
          first &&
          ` takes ${percentWords(first.selfBytes, total)} of the heap, ${formatBytes(first.selfBytes)} in ${formatCount(first.count)} objects`
        }
        facts={factsOf(info)}
      />
      <div className={toolbar['toolbar']}>
        <SearchField
          search={search}
          placeholder="Search constructors"
          found={answer && `${formatCount(answer.matching)} of ${formatCount(answer.all)} constructors`}
        />
        <span className={tables['quiet']}>
          A summary: the developer tools of Chrome open the file object by object.
        </span>
      </div>
      {answer?.matching === 0 ? (
        <NothingMatches what="constructor" search={search} />
      ) : (
        <ProfileGrid
          label="Constructors"
          testId="constructors"
          columns={columns}
          rows={answer?.rows ?? []}
          keyOf={({ name }) => name}
          order={order}
          onOrder={(next) => changeAddress({ sort: orderText(next) }, 'replace')}
        />
      )}
    </section>
  );
}

function columnsOf(totalBytes: number): readonly ProfileColumn<ConstructorLine>[] {
  const bytes = (value: number) => <span title={exactWords(value, 'bytes')}>{formatBytes(value)}</span>;
  const share = (value: number) => <span className={tables['quiet']}>{percentWords(value, totalBytes)}</span>;
  const number = { isNumber: true, width: '96px', isSortable: true };
  const percent = { isNumber: true, width: '72px', isSortable: false };
  return [
    {
      name: 'constructor',
      title: 'Constructor',
      meaning: 'As the developer tools of Chrome name it',
      width: 'minmax(200px, 1fr)',
      isSortable: true,
      cell: ({ name }) => (
        <span className={tables['function']} title={name}>
          {name}
        </span>
      ),
    },
    {
      ...number,
      name: 'count',
      title: 'Objects',
      meaning: 'How many there are',
      cell: ({ count }) => formatCount(count),
    },
    {
      ...number,
      name: 'self',
      title: 'Shallow',
      meaning: 'What the objects take themselves',
      cell: ({ selfBytes }) => bytes(selfBytes),
    },
    {
      ...percent,
      name: 'self-share',
      title: 'Shallow %',
      meaning: 'The same as a share of the heap',
      cell: ({ selfBytes }) => share(selfBytes),
    },
    {
      ...number,
      name: 'retained',
      title: 'Retained',
      meaning: 'What would go with them: what only they keep alive',
      cell: ({ retainedBytes }) => bytes(retainedBytes),
    },
    {
      ...percent,
      name: 'retained-share',
      title: 'Retained %',
      meaning: 'The same as a share of the heap',
      cell: ({ retainedBytes }) => share(retainedBytes),
    },
  ];
}

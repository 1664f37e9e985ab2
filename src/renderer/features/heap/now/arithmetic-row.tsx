/** RSS = ledger + V8 + other external + unaccounted: as a drawn sum, and as numbers that can be asked what they are. */
import type { ReactNode } from 'react';
import type { Memory } from '#shared/model.ts';
import { formatBytes } from '#shared/units.ts';
import { cssShare } from '../../../ui/css-share.ts';
import { Explained } from '../../../ui/explained.tsx';
import { type Arithmetic, arithmeticOf, drawnSum } from './arithmetic.ts';
import type { GroupPart } from '#shared/profile/ledger-groups.ts';
import { PartsBar } from './parts-bar.tsx';
import styles from './arithmetic-row.module.css';

interface ArithmeticRowProps {
  readonly memory: Memory | undefined;
  readonly ledgerBytes: number;
  /** Of the whole ledger. */
  readonly parts: readonly GroupPart[];
}

export function ArithmeticRow({ memory, ledgerBytes, parts }: ArithmeticRowProps) {
  const sum = arithmeticOf(memory, ledgerBytes);
  const { rss, heap, external, unaccounted } = sum;
  return (
    <section className={styles['row']} aria-label="What the process holds" data-testid="arithmetic">
      <Drawn sum={sum} parts={parts} budgetBytes={memory?.budgetBytes} />
      <dl className={styles['numbers']}>
        <Term name="RSS" bytes={rss} testId="rss">
          What the operating system counts for the server’s process.
        </Term>
        <Term name="Ledger" sign="=" bytes={ledgerBytes} testId="ledger" swatch="ledger">
          Every buffer that may hold bytes of a body, spare ones too. Never more than the budget
          {memory ? `, ${formatBytes(memory.budgetBytes)}` : ''}. Below is who has it.
        </Term>
        <Term name="V8" sign="+" bytes={heap} testId="heap" swatch="heap">
          JavaScript objects in the server’s process. A heap profile shows which; buffers are not among them.
        </Term>
        <Term name="Other external" sign="+" bytes={external} testId="external" swatch="external">
          Memory that V8 knows of outside its heap, and that is not the ledger’s.
        </Term>
        <Term name="Unaccounted" sign="+" bytes={unaccounted} testId="unaccounted" swatch="unaccounted">
          The rest of RSS: code, stacks, the allocator, native libraries. Below zero while slabs of the ledger
          have not been touched, or are in swap.
        </Term>
        {memory && (
          <Term name="Budget" bytes={memory.budgetBytes} testId="budget" swatch="budget">
            The most that the ledger may ever have: the dashed line.
          </Term>
        )}
      </dl>
    </section>
  );
}

interface TermProps {
  readonly name: string;
  readonly sign?: '=' | '+';
  readonly bytes: number | undefined;
  readonly swatch?: string;
  readonly testId: string;
  readonly children: ReactNode;
}

function Term({ name, sign, bytes, swatch, testId, children }: TermProps) {
  const isReported = bytes !== undefined;
  return (
    <div>
      <dt>
        {swatch !== undefined && <i className={styles['swatch']} data-term={swatch} aria-hidden="true" />}
        <Explained
          title={name}
          what={
            isReported ? children : <>{children} This runtime does not report all that it takes to say.</>
          }
        >
          {name}
        </Explained>
      </dt>
      <dd data-testid={`term-${testId}`} data-bytes={bytes}>
        {sign !== undefined && <span className={styles['sign']}>{sign}</span>}
        {isReported ? formatBytes(bytes) : <span className={styles['unreported']}>not reported</span>}
      </dd>
    </div>
  );
}

interface DrawnProps {
  readonly sum: Arithmetic;
  readonly parts: readonly GroupPart[];
  readonly budgetBytes: number | undefined;
}

/** Everything in it is among the numbers. */
function Drawn({ sum, parts, budgetBytes }: DrawnProps) {
  const { terms, rssAt, scaleBytes } = drawnSum(sum);
  return (
    <div className={styles['sum']} aria-hidden="true">
      {terms.map(({ name, start, share }) => (
        <span
          key={name}
          className={styles['term']}
          data-term={name}
          style={{ left: cssShare(start), width: cssShare(share) }}
        >
          {name === 'ledger' && <PartsBar parts={parts} ofBytes={sum.ledger} />}
        </span>
      ))}
      {budgetBytes !== undefined && budgetBytes <= scaleBytes && (
        <span
          className={styles['budget']}
          style={{ left: cssShare(budgetBytes / scaleBytes) }}
          title={`budget ${formatBytes(budgetBytes)}`}
        />
      )}
      {rssAt !== undefined && <span className={styles['rss']} style={{ left: cssShare(rssAt) }} />}
    </div>
  );
}

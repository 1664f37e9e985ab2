/**
 * What the budget and the window allow, drawn: the budget by what it is set aside for, what is in force above what is
 * being typed on one scale, and the chunks with one full window marked. Live: how much of it is in use.
 */
import type { MemoryPlan } from '#shared/memory-plan.ts';
import { formatBytes } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { sentencesOf, sharesOf } from './allowance.ts';
import styles from './budget-picture.module.css';

interface BudgetPictureProps {
  readonly inForce: MemoryPlan | undefined;
  /** What is typed would come to this; `undefined` while it cannot be. */
  readonly drafted: MemoryPlan | undefined;
  readonly window: number;
  readonly isChanged: boolean;
}

export function BudgetPicture({ inForce, drafted, window, isChanged }: BudgetPictureProps) {
  const scale = Math.max(inForce?.budgetBytes ?? 0, drafted?.budgetBytes ?? 0, 1);
  const shown = isChanged ? drafted : inForce;
  return (
    <section className={styles['picture']} aria-labelledby="allowance-title" data-testid="allowance">
      <h3 id="allowance-title">What it allows</h3>
      <div className={styles['bars']}>
        {inForce && <Bar name="In force" plan={inForce} scale={scale} isInForce />}
        {isChanged && drafted && <Bar name="As typed" plan={drafted} scale={scale} isInForce={false} />}
      </div>
      {shown ? (
        <>
          <Chunks plan={shown} window={window} />
          <ul className={styles['sentences']}>
            {sentencesOf(shown, window).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      ) : (
        <p className={styles['none']}>What is typed cannot be: the field says why.</p>
      )}
    </section>
  );
}

interface BarProps {
  readonly name: string;
  readonly plan: MemoryPlan;
  /** Bytes that are the whole width. */
  readonly scale: number;
  readonly isInForce: boolean;
}

function Bar({ name, plan, scale, isInForce }: BarProps) {
  const shares = sharesOf(plan).filter(({ bytes }) => bytes > 0);
  return (
    <figure className={styles['bar']}>
      <figcaption>
        {name} <strong>{formatBytes(plan.budgetBytes)}</strong>
        {isInForce && <InUse />}
      </figcaption>
      <div className={styles['track']} style={{ width: `${(plan.budgetBytes / scale) * 100}%` }}>
        {shares.map((share) => (
          <i
            key={share.name}
            data-share={share.name}
            title={`${share.name}: ${formatBytes(share.bytes)}, ${share.words}`}
            style={{ flexGrow: share.bytes / plan.budgetBytes }}
          />
        ))}
      </div>
      <ul className={styles['shares']}>
        {shares.map((share) => (
          <li key={share.name}>
            <i data-share={share.name} aria-hidden="true" />
            {share.name} <span>{share.words}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** How much of it is held at this moment. */
function InUse() {
  const { store } = useLive();
  useSignal(store.changed.memory);
  const memory = store.currentFrame?.memory;
  if (!memory) return null;
  const usedBytes = memory.ledgerBytes - memory.byState.spare;
  return (
    <span className={styles['use']} data-testid="in-use">
      {formatBytes(usedBytes)} in use, peak {formatBytes(memory.peakBytes)}
    </span>
  );
}

/** More cells than this say nothing to the eye. */
const maxCells = 96;

/** Every chunk that fits as a cell; those of one full window stand out. */
function Chunks({ plan, window }: { readonly plan: MemoryPlan; readonly window: number }) {
  const { slabs, slabBytes } = plan.chunks;
  const cells = Math.min(slabs, maxCells);
  return (
    <div className={styles['chunks']}>
      <p className="visually-hidden">
        {slabs} chunks of {formatBytes(slabBytes)}, of which one client has up to {Math.min(window, slabs)}
      </p>
      <div className={styles['cells']} aria-hidden="true">
        {Array.from({ length: cells }, (_, index) => (
          <i key={index} data-in-window={index < window} />
        ))}
        {slabs > cells && <span>+ {slabs - cells}</span>}
      </div>
      <p className={styles['key']}>
        <i data-in-window="true" aria-hidden="true" /> one full window
        <i data-in-window="false" aria-hidden="true" /> for all others
      </p>
    </div>
  );
}

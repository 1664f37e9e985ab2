/** One function in the middle: who calls it above, what it calls below. */
import { formatShare, formatValue, shortNameOf } from '#shared/profile/callout.ts';
import { formatCount } from '#shared/units.ts';
import type { Answer, Looking } from '../../state/profile-questions.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cssShare } from '../../ui/css-share.ts';
import { closePath } from '../../ui/icons.tsx';
import { useAnswer } from './use-answer.ts';
import { changeAddress } from './use-address.ts';
import { exactWords, percentWords } from './words.ts';
import drawer from '../../ui/drawer.module.css';
import styles from './sandwich.module.css';

interface SandwichDrawerProps {
  readonly looking: Looking;
  readonly unit: string;
  readonly name: string;
}

export function SandwichDrawer({ looking, unit, name }: SandwichDrawerProps) {
  const { answer, asked, failure } = useAnswer('sandwich', { ...looking, name });
  const close = (): void => changeAddress({ fn: undefined });
  return (
    <aside className={drawer['drawer']} aria-labelledby="sandwich-title" data-testid="sandwich">
      <header className={drawer['head']}>
        <div>
          <h2 id="sandwich-title" title={name}>
            {shortNameOf(name)}
          </h2>
          <p>Callers and callees</p>
        </div>
        <CopyButton text={name} />
        <IconButton icon={closePath} name="Close (Esc)" onPress={close} />
      </header>
      <div className={styles['body']}>
        {failure !== undefined && <p className={styles['none']}>{failure}</p>}
        {asked && !answer && (
          <p className={styles['none']}>
            No function of this name is in the samples that are looked at: another sample type may have it.
          </p>
        )}
        {answer && <Parts sandwich={answer} unit={unit} />}
      </div>
    </aside>
  );
}

function Parts({
  sandwich,
  unit,
}: {
  readonly sandwich: NonNullable<Answer<'sandwich'>>;
  readonly unit: string;
}) {
  const { name, file, flat, cum, whole } = sandwich;
  return (
    <>
      <Neighbours
        title="Called by"
        none="Nothing calls it: its stacks begin here."
        rows={sandwich.callers}
        leftOut={sandwich.callersLeftOut}
        whole={cum}
        unit={unit}
      />
      <section className={styles['self']} aria-label="The function" data-testid="sandwich-self">
        <h3>{name}</h3>
        {file !== '' && <p>{file}</p>}
        <dl>
          <dt>Itself</dt>
          <dd title={exactWords(flat, unit)}>{formatValue(flat, unit)}</dd>
          <dd>{percentWords(flat, whole)}</dd>
          <dt>With all it calls</dt>
          <dd title={exactWords(cum, unit)}>{formatValue(cum, unit)}</dd>
          <dd>{percentWords(cum, whole)}</dd>
        </dl>
      </section>
      <Neighbours
        title="Calls"
        none="It calls nothing that was sampled."
        rows={sandwich.callees}
        leftOut={sandwich.calleesLeftOut}
        whole={cum}
        unit={unit}
      />
    </>
  );
}

interface NeighboursProps {
  readonly title: string;
  readonly none: string;
  readonly rows: NonNullable<Answer<'sandwich'>>['callers'];
  readonly leftOut: number;
  /** What the function has with all that it calls. */
  readonly whole: number;
  readonly unit: string;
}

function Neighbours({ title, none, rows, leftOut, whole, unit }: NeighboursProps) {
  return (
    <section className={styles['neighbours']} aria-label={title}>
      <h3>{title}</h3>
      {rows.length === 0 && <p className={styles['none']}>{none}</p>}
      <ul>
        {rows.map(({ name, file, value }) => (
          <li key={name}>
            <button
              type="button"
              title={`${name}${file === '' ? '' : `\n${file}`}\n${exactWords(value, unit)}`}
              data-testid="neighbour"
              onClick={() => changeAddress({ fn: name })}
            >
              <i style={{ width: cssShare(whole === 0 ? 0 : Math.min(1, Math.abs(value / whole))) }} />
              <span>{shortNameOf(name)}</span>
              <b>{formatValue(value, unit)}</b>
              <em>{whole === 0 ? '' : formatShare(value / Math.abs(whole))}</em>
            </button>
          </li>
        ))}
      </ul>
      {leftOut > 0 && <p className={styles['none']}>{formatCount(leftOut)} smaller ones are not shown.</p>}
    </section>
  );
}

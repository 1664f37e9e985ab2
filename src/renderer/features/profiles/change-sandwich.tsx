/** One function of two profiles in the middle: who calls it above, what it calls below, in A and in B. */
import { shortNameOf } from '#shared/profile/callout.ts';
import type { Presence } from '#shared/profile/compare.ts';
import { formatCount } from '#shared/units.ts';
import type { Answer, Pairing } from '../../state/profile-questions.ts';
import { IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cssShare } from '../../ui/css-share.ts';
import { closePath } from '../../ui/icons.tsx';
import { type ChangeFormat, presenceMarks } from './change-words.ts';
import { changeAddress } from './use-address.ts';
import { useAnswer } from './use-answer.ts';
import { exactWords } from './words.ts';
import drawer from '../../ui/drawer.module.css';
import sandwich from './sandwich.module.css';
import styles from './change-sandwich.module.css';

type Found = NonNullable<Answer<'changeSandwich'>>;
type Neighbour = Found['callers'][number];

interface ChangeSandwichDrawerProps {
  readonly pairing: Pairing;
  readonly formatOf: (asked: Pairing) => ChangeFormat;
  /** Of values as they are. */
  readonly unit: string;
  readonly name: string;
}

export function ChangeSandwichDrawer({ pairing, formatOf, unit, name }: ChangeSandwichDrawerProps) {
  const { answer, asked, failure } = useAnswer('changeSandwich', { ...pairing, name });
  const close = (): void => changeAddress({ fn: undefined });
  return (
    <aside className={drawer['drawer']} aria-labelledby="sandwich-title" data-testid="change-sandwich">
      <header className={drawer['head']}>
        <div>
          <h2 id="sandwich-title" title={name}>
            {shortNameOf(name)}
          </h2>
          <p>Callers and callees, A → B</p>
        </div>
        <CopyButton text={name} />
        <IconButton icon={closePath} name="Close (Esc)" onPress={close} />
      </header>
      <div className={sandwich['body']}>
        {failure !== undefined && <p className={sandwich['none']}>{failure}</p>}
        {asked && !answer && (
          <p className={sandwich['none']}>
            No function of this name is in the samples of either: another sample type may have it.
          </p>
        )}
        {asked && answer && (
          <Parts
            found={answer}
            format={formatOf(asked)}
            exact={(value) => (asked.mode === 'share' ? undefined : exactWords(value, unit))}
          />
        )}
      </div>
    </aside>
  );
}

interface PartsProps {
  readonly found: Found;
  readonly format: ChangeFormat;
  /** Every digit of a value, where it is one. */
  readonly exact: (value: number) => string | undefined;
}

function Parts({ found, format, exact }: PartsProps) {
  const { name, file, before, after, presence } = found;
  // The width of a bar: what the function has, in whichever of both it has more.
  const whole = Math.max(before.cum, after.cum);
  const shared = { whole, format, exact };
  return (
    <>
      <Neighbours
        {...shared}
        title="Called by"
        none="Nothing calls it: its stacks begin here."
        rows={found.callers}
        leftOut={found.callersLeftOut}
      />
      <section className={sandwich['self']} aria-label="The function" data-testid="sandwich-self">
        <h3>
          <Mark presence={presence} />
          {name}
        </h3>
        {file !== '' && <p>{file}</p>}
        <table className={styles['self']}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Of</span>
              </th>
              <th scope="col">A</th>
              <th scope="col">B</th>
              <th scope="col">B − A</th>
            </tr>
          </thead>
          <tbody>
            <Figures {...shared} title="Itself" before={before.flat} after={after.flat} />
            <Figures {...shared} title="With all it calls" before={before.cum} after={after.cum} />
          </tbody>
        </table>
      </section>
      <Neighbours
        {...shared}
        title="Calls"
        none="It calls nothing that was sampled."
        rows={found.callees}
        leftOut={found.calleesLeftOut}
      />
    </>
  );
}

interface FiguresProps extends Pick<PartsProps, 'format' | 'exact'> {
  readonly title: string;
  readonly before: number;
  readonly after: number;
}

function Figures({ title, before, after, format, exact }: FiguresProps) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td title={exact(before)}>{format.value(before)}</td>
      <td title={exact(after)}>{format.value(after)}</td>
      <td title={exact(after - before)} data-value={after - before}>
        {format.change(after - before)}
      </td>
    </tr>
  );
}

interface NeighboursProps extends Pick<PartsProps, 'format' | 'exact'> {
  readonly title: string;
  readonly none: string;
  readonly rows: readonly Neighbour[];
  readonly leftOut: number;
  readonly whole: number;
}

function Neighbours({ title, none, rows, leftOut, whole, format, exact }: NeighboursProps) {
  return (
    <section className={`${sandwich['neighbours']} ${styles['neighbours']}`} aria-label={title}>
      <h3>{title}</h3>
      {rows.length === 0 && <p className={sandwich['none']}>{none}</p>}
      <ul>
        {rows.map(({ name, file, before, after, presence }) => (
          <li key={name}>
            <button
              type="button"
              title={[name, file, exact(after - before)].filter(Boolean).join('\n')}
              data-testid="neighbour"
              data-presence={presence}
              onClick={() => changeAddress({ fn: name })}
            >
              <Bar before={before} after={after} whole={whole} />
              <span>
                <Mark presence={presence} />
                {shortNameOf(name)}
              </span>
              <b>{format.change(after - before)}</b>
              <small>
                A {format.value(before)} → B {format.value(after)}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {leftOut > 0 && (
        <p className={sandwich['none']}>
          {formatCount(leftOut)} that changed less {leftOut === 1 ? 'is' : 'are'} not shown.
        </p>
      )}
    </section>
  );
}

/** As in the picture: grey is in both, violet is what B has more, hollow what A had. */
function Bar({ before, after, whole }: Pick<NeighboursProps, 'whole'> & Pick<Neighbour, 'before' | 'after'>) {
  const share = (part: number): string => cssShare(whole > 0 ? Math.max(0, part) / whole : 0);
  return (
    <i aria-hidden="true">
      <i data-part="kept" style={{ width: share(Math.min(before, after)) }} />
      <i data-part="added" style={{ width: share(after - Math.max(0, before)) }} />
      <i data-part="removed" style={{ width: share(before - Math.max(0, after)) }} />
    </i>
  );
}

function Mark({ presence }: { readonly presence: Presence }) {
  if (presence === 'both') return null;
  return (
    <em className={styles['mark']} data-presence={presence}>
      {presenceMarks[presence]}
      <span className="visually-hidden"> {presence} </span>
    </em>
  );
}

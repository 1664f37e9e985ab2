import { neededBytes } from '#shared/experiment/fit.ts';
import { formulaBytes, formulaFigures, variants, variantTitles } from '#shared/experiment/formula.ts';
import { shortestMs } from '#shared/experiment/plan.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { go, useParam, usePlace } from '../../state/place.ts';
import { Field } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { type Draft, type DraftBase, draftFields, withoutDraft } from './draft.ts';
import styles from './plan-form.module.css';

interface PlanFormProps {
  readonly draft: Draft;
  /** On the server's machine, now. */
  readonly availableBytes: number;
  /** Why it cannot be started as it stands: a sentence. */
  readonly problem: string | undefined;
}

/** What is to be run, and what the formulas say of it before it is. */
export function PlanForm({ draft, availableBytes, problem }: PlanFormProps) {
  const place = usePlace();
  const begin = (base: DraftBase): void => {
    const rest = withoutDraft(place.params);
    go({ ...place, params: base === 'quick' ? { ...rest, plan: base } : rest }, 'replace');
  };
  return (
    <section className={styles['form']} aria-label="What is run" data-testid="experiment-form">
      <div className={styles['fields']}>
        {draftFields.map(({ name, label, hint }) => (
          <PlanField
            key={name}
            name={name}
            label={label}
            hint={hint}
            value={draft.texts[name] ?? ''}
            problem={draft.problems[name]}
          />
        ))}
        <Segments
          label="Begin with"
          value={draft.base}
          onChange={begin}
          options={[
            { value: 'standard', name: 'The standard experiment', content: 'Standard' },
            { value: 'quick', name: 'A quick experiment', content: 'Quick' },
          ]}
        />
      </div>
      <dl className={styles['formulas']} data-testid="experiment-formulas">
        {variants.map((variant) => (
          <div key={variant}>
            <dt>{variantTitles[variant]}</dt>
            <dd>
              <strong>{formatBytes(formulaBytes(draft.plan, variant))}</strong>
              {variant !== 'sluice' && ` = ${formulaFigures(draft.plan, variant)}`}
            </dd>
          </div>
        ))}
        <div>
          <dt>Needs</dt>
          <dd>
            <strong>{formatBytes(neededBytes(draft.plan))}</strong> of {formatBytes(availableBytes)} available
          </dd>
        </div>
        <div>
          <dt>Takes at least</dt>
          <dd>
            <strong>{formatDuration(shortestMs(draft.plan))}</strong> a fetcher
          </dd>
        </div>
      </dl>
      <p className={styles['problem']} aria-live="polite">
        {problem === undefined ? '' : `▲ ${problem}`}
      </p>
    </section>
  );
}

interface PlanFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly problem: string | undefined;
}

function PlanField({ name, value, ...words }: PlanFieldProps) {
  const [, set] = useParam(name);
  return <Field {...words} value={value} onChange={(text) => set(text, 'replace')} />;
}

/** Which samples count: those that have the labels which are chosen here, of those that the profile has. */
import { useState } from 'react';
import { formatValue } from '#shared/profile/callout.ts';
import { formatCount } from '#shared/units.ts';
import { labelsText } from '../../state/profile-address.ts';
import type { WantedLabels } from '../../state/profile-questions.ts';
import { Button } from '../../ui/button.tsx';
import { downPath } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { changeAddress } from './use-address.ts';
import { useAnswer } from './use-answer.ts';
import { labelValueWords, labelWords } from './words.ts';
import styles from './labels-menu.module.css';

interface LabelsMenuProps {
  readonly id: string;
  readonly type: string;
  readonly unit: string;
  readonly labels: WantedLabels;
}

export function LabelsMenu({ id, type, unit, labels }: LabelsMenuProps) {
  const [isOpen, open] = useState(false);
  return (
    <div className={styles['labels']}>
      <Popover
        title="Only samples with"
        testId="labels"
        isOpen={isOpen}
        onOpen={open}
        trigger={
          <Button weight="quiet" icon={downPath}>
            Labels
          </Button>
        }
      >
        <Choices id={id} type={type} unit={unit} labels={labels} />
      </Popover>
      {labels.map(([key, value]) => (
        <button
          key={key}
          type="button"
          className={styles['chosen']}
          title="Count the others, too"
          onClick={() => choose(labels, key, undefined)}
        >
          {labelWords([[key, value]])} ×
        </button>
      ))}
    </div>
  );
}

function choose(labels: WantedLabels, key: string, value: string | undefined): void {
  const others = labels.filter(([each]) => each !== key);
  changeAddress({
    labels: labelsText(value === undefined ? others : [...others, [key, value]]),
    zoom: undefined,
  });
}

function Choices({ id, type, unit, labels }: LabelsMenuProps) {
  const { answer } = useAnswer('labels', { id, type });
  if (!answer) return null;
  const wanted = new Map(labels);
  return (
    <div className={styles['choices']}>
      {answer.keys.map(({ key, values }) => (
        <fieldset key={key}>
          <legend>{key}</legend>
          {values.map(({ value, total }) => (
            <button
              key={value}
              type="button"
              aria-pressed={wanted.get(key) === value}
              onClick={() => choose(labels, key, wanted.get(key) === value ? undefined : value)}
            >
              <span>{labelValueWords(key, value)}</span>
              <span>{formatValue(total, unit)}</span>
            </button>
          ))}
        </fieldset>
      ))}
      {answer.leftOut > 0 && <p>{formatCount(answer.leftOut)} more keys are not shown.</p>}
    </div>
  );
}

import { useId } from 'react';
import styles from './field.module.css';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What it is for, or how it is written. */
  readonly hint?: string;
  /** What is wrong with what was typed: instead of the hint. */
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly type?: 'text' | 'password';
  /** Where the focus begins in a dialog. */
  readonly isFirst?: boolean;
}

/** Something to type, with its name and what is wrong with it. */
export function Field({
  label,
  value,
  onChange,
  hint,
  problem,
  placeholder,
  type = 'text',
  isFirst = false,
}: FieldProps) {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        aria-describedby={`${id}-hint`}
        aria-invalid={problem !== undefined}
        data-first-focus={isFirst ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} aria-live="polite" data-problem={problem !== undefined}>
        {problem === undefined ? hint : `▲ ${problem}`}
      </p>
    </div>
  );
}

import { useId } from 'react';
import styles from './note-field.module.css';

interface NoteFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength: number;
  readonly hint?: string;
  /** Where the focus begins in a dialog. */
  readonly isFirst?: boolean;
}

/** A few sentences to type. */
export function NoteField({ label, value, onChange, maxLength, hint, isFirst = false }: NoteFieldProps) {
  const id = useId();
  return (
    <div className={styles['note']}>
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        rows={4}
        value={value}
        maxLength={maxLength}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        data-first-focus={isFirst ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint !== undefined && <p id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}

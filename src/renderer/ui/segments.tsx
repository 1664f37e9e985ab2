import type { ReactNode } from 'react';
import styles from './segments.module.css';

interface SegmentsProps<T extends string | number> {
  readonly label: string;
  /** `undefined`: none of them. */
  readonly value: T | undefined;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly name: string; readonly content: ReactNode }[];
}

/** A choice of few, all in sight. */
export function Segments<T extends string | number>({ label, value, onChange, options }: SegmentsProps<T>) {
  return (
    <fieldset className={styles['segments']}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-label={option.name}
          aria-pressed={option.value === value}
          title={option.name}
          onClick={() => onChange(option.value)}
        >
          {option.content}
        </button>
      ))}
    </fieldset>
  );
}

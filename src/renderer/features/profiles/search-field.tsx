import { useRef } from 'react';
import { useCommand } from '../../state/commands.ts';
import { changeAddress } from './use-address.ts';
import styles from './toolbar.module.css';

interface SearchFieldProps {
  readonly search: string;
  readonly placeholder: string;
  /** What is found: how many, and how much of all. */
  readonly found: string | undefined;
}

/** Names that are looked for: marked in the picture, kept in the table. */
export function SearchField({ search, placeholder, found }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useCommand('requests.filter', () => input.current?.focus());
  return (
    <div className={styles['search']}>
      <input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={`${placeholder}  /`}
        value={search}
        spellCheck={false}
        onChange={({ target }) =>
          changeAddress({ q: target.value === '' ? undefined : target.value }, 'replace')
        }
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || search === '') return;
          event.preventDefault();
          changeAddress({ q: undefined }, 'replace');
        }}
      />
      <output aria-live="polite" data-testid="found">
        {found}
      </output>
    </div>
  );
}

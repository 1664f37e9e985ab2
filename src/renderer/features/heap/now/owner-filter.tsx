import { useRef } from 'react';
import { useCommand } from '../../../state/commands.ts';
import section from '../../../ui/section.module.css';

interface OwnerFilterProps {
  readonly search: string;
  /** `undefined` shows all. */
  readonly onSearch: (search: string | undefined) => void;
}

/** Whose buffers are shown: of clients and objects with this in their names. */
export function OwnerFilter({ search, onSearch }: OwnerFilterProps) {
  const input = useRef<HTMLInputElement>(null);
  useCommand('requests.filter', () => input.current?.focus());
  return (
    <input
      ref={input}
      className={section['filter']}
      type="search"
      aria-label="Filter by client or object"
      placeholder="Client or object  /"
      value={search}
      spellCheck={false}
      onChange={({ target }) => onSearch(target.value === '' ? undefined : target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || search === '') return;
        event.preventDefault();
        onSearch(undefined);
      }}
    />
  );
}

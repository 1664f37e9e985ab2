import { type SubmitEvent, useState } from 'react';
import { useSignal } from '../../../state/signal.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { binPath } from '../../../ui/icons.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { forgetFilter, maxNameLength, savedChanged, savedFilters, saveFilter } from './saved.ts';
import styles from './filter.module.css';

const bookmarkPath = 'M3 1.500h6v9L6 8.200 3 10.500z';

interface SavedMenuProps {
  /** The filter as it is now. */
  readonly text: string;
  readonly onChoose: (text: string) => void;
}

/** Filters with names: use one, save the present one, forget one. */
export function SavedMenu({ text, onChoose }: SavedMenuProps) {
  useSignal(savedChanged);
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const filters = savedFilters();
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    saveFilter({ name, text });
    setName('');
  };
  return (
    <Popover
      title="Saved filters"
      align="end"
      testId="saved-filters"
      isOpen={isOpen}
      onOpen={setOpen}
      trigger={<IconButton icon={bookmarkPath} name="Saved filters" />}
    >
      {filters.length === 0 && <p className={styles['quiet']}>None yet.</p>}
      <ul className={styles['saved']}>
        {filters.map((saved) => (
          <li key={saved.name}>
            <button
              type="button"
              onClick={() => {
                onChoose(saved.text);
                setOpen(false);
              }}
            >
              <span>{saved.name}</span>
              <code>{saved.text}</code>
            </button>
            <IconButton
              icon={binPath}
              name={`Forget ${saved.name}`}
              onPress={() => forgetFilter(saved.name)}
            />
          </li>
        ))}
      </ul>
      {text.trim() === '' ? (
        <p className={styles['quiet']}>Write a filter, and save it here under a name.</p>
      ) : (
        <form className={styles['save']} onSubmit={onSubmit}>
          <input
            aria-label="Name of the filter"
            placeholder="Name"
            maxLength={maxNameLength}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button isDisabled={name.trim() === ''} onPress={() => saveFilter({ name, text })}>
            Save this filter
          </Button>
        </form>
      )}
    </Popover>
  );
}

import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { readAddable, patternsOf } from './addable.ts';
import { useRepositories } from './context.ts';
import styles from './add-form.module.css';

interface AddFormProps {
  readonly rules: readonly string[];
  /** Given where somebody has asked for the form: it then begins with the focus in it. */
  readonly onAdded?: () => void;
}

/** Adds a repository that a pattern allows: its mirror is cloned. */
export function AddForm({ rules, onAdded }: AddFormProps) {
  const { actions } = useRepositories();
  const [text, setText] = useState('');
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const isAskedFor = onAdded !== undefined;
  useEffect(() => {
    if (isAskedFor) input.current?.focus();
  }, [isAskedFor]);
  const addable = readAddable(text, rules);
  const add = (): void => {
    if (addable.kind !== 'repository') return;
    actions.start(addable.name, 'clone');
    actions.open(addable.name);
    setText('');
    onAdded?.();
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label htmlFor={id}>Repository</label>
      <input
        ref={input}
        id={id}
        className={styles['input']}
        value={text}
        spellCheck={false}
        autoComplete="off"
        placeholder={patternsOf(rules)[0]?.replace('*', 'NAME')}
        aria-describedby={`${id}-hint`}
        aria-invalid={addable.kind === 'wrong'}
        onChange={(event) => setText(event.target.value)}
      />
      <Button weight="main" isDisabled={addable.kind !== 'repository'} onPress={add}>
        Add
      </Button>
      <p id={`${id}-hint`} aria-live="polite">
        {addable.kind === 'wrong'
          ? addable.sentence
          : 'Its mirror is cloned now; its first request makes a snapshot.'}
      </p>
    </form>
  );
}

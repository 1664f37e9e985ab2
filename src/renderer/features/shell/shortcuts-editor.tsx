/** Every command by its group, with its keys: each can be given another key, unless another command has that. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type Command, type CommandName, commands } from '#shared/commands.ts';
import { formatKeys, pressOf, theShortcuts } from '../../state/shortcuts.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { Keys } from '../../ui/keys.tsx';
import styles from './shortcuts-editor.module.css';

const groups = [...new Set(commands.map(({ group }) => group))];
/** Presses of a sequence at most. */
const maxPresses = 2;

export function ShortcutsEditor() {
  useSignal(theShortcuts.changed);
  const [edited, edit] = useState<CommandName>();
  const [refusal, refuse] = useState<{ readonly name: CommandName; readonly sentence: string }>();
  const tell = (name: CommandName, other: Command | undefined, keys: string): void => {
    refuse(other && { name, sentence: `${formatKeys(keys)} is taken by “${other.title}”.` });
    if (!other) edit(undefined);
  };
  return (
    <div className={styles['groups']}>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <ul>
            {commands
              .filter((command) => command.group === group)
              .map(({ name, title }) => (
                <li key={name} data-command={name}>
                  <span className={styles['title']}>{title}</span>
                  {edited === name ? (
                    <Capture
                      title={title}
                      onKeep={(keys) => tell(name, theShortcuts.change(name, keys), keys)}
                      onCancel={() => {
                        edit(undefined);
                        refuse(undefined);
                      }}
                    />
                  ) : (
                    <Shown
                      name={name}
                      title={title}
                      onChange={() => edit(name)}
                      onReset={() => tell(name, theShortcuts.reset(name), 'Its own key')}
                    />
                  )}
                  {refusal?.name === name && (
                    <p className={styles['refusal']} role="alert">
                      {refusal.sentence}
                    </p>
                  )}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface ShownProps {
  readonly name: CommandName;
  readonly title: string;
  readonly onChange: () => void;
  readonly onReset: () => void;
}

function Shown({ name, title, onChange, onReset }: ShownProps) {
  const keys = theShortcuts.keysOf(name);
  return (
    <>
      {theShortcuts.isChanged(name) && (
        <Button weight="quiet" aria-label={`Reset the keys of ${title}`} onPress={onReset}>
          Reset
        </Button>
      )}
      <button type="button" className={styles['keys']} title="Change" onClick={onChange}>
        <span className="visually-hidden">{title}: </span>
        {keys.length === 0 ? (
          <span className={styles['none']}>none</span>
        ) : (
          keys.map((each) => <Keys key={each} keys={each} />)
        )}
      </button>
    </>
  );
}

interface CaptureProps {
  readonly title: string;
  readonly onKeep: (keys: string) => void;
  readonly onCancel: () => void;
}

/** Takes what is pressed: Enter keeps it, Esc gives up. */
function Capture({ title, onKeep, onCancel }: CaptureProps) {
  const [presses, setPresses] = useState<readonly string[]>([]);
  const field = useRef<HTMLButtonElement>(null);
  useEffect(() => field.current?.focus(), []);
  const keys = presses.join(' ');
  const take = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    // The dialog around listens at the document.
    event.nativeEvent.stopImmediatePropagation();
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter') {
      if (keys !== '') onKeep(keys);
    } else {
      const press = pressOf(event.nativeEvent);
      if (press !== undefined) setPresses((before) => [...before, press].slice(-maxPresses));
    }
  };
  return (
    <>
      <button ref={field} type="button" className={styles['capture']} onKeyDown={take}>
        <span className="visually-hidden">Keys for {title}: </span>
        {keys === '' ? 'Press keys, then Enter' : <Keys keys={keys} />}
      </button>
      <Button weight="quiet" isDisabled={keys === ''} onPress={() => onKeep(keys)}>
        Keep
      </Button>
      <Button weight="quiet" onPress={onCancel}>
        Cancel
      </Button>
    </>
  );
}

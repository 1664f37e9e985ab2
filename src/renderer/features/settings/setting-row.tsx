/** One setting: what it is, what is in force and who says so, and a field to change it. */
import { useId } from 'react';
import { settings, type Setting, type SettingName } from '#shared/config.ts';
import type { SettingState } from '#shared/contract/settings.ts';
import { Button } from '../../ui/button.tsx';
import { Switch } from '../../ui/switch.tsx';
import { fieldText, isFixed } from './drafts.ts';
import { useForm } from './settings-context.ts';
import { inForceWords, nextWords, whoWords } from './words.ts';
import styles from './setting-row.module.css';

/** These have a member on each line. */
const lists: ReadonlySet<string> = new Set<SettingName>(['repositories', 'allowHosts', 'trustedProxies']);

export function SettingRow({ state }: { readonly state: SettingState }) {
  const { drafts, checked, canChange, type } = useForm();
  const { name } = state;
  const setting: Setting = settings[name];
  const id = useId();
  const problem = checked.problems.get(name);
  const isChanged = name in checked.changes || problem !== undefined;
  const isOpen = canChange && !isFixed(state.provenance) && name !== 'dataDir';
  const next = isChanged ? undefined : nextWords(state);
  return (
    <div className={styles['row']} data-testid={`setting-${name}`} data-changed={isChanged}>
      <div className={styles['what']}>
        <label className={styles['label']} htmlFor={`${id}-field`}>
          {setting.label}
        </label>
        <code className={styles['flag']}>--{setting.flag}</code>
      </div>
      <div className={styles['how']}>
        <Field
          id={`${id}-field`}
          describedBy={`${id}-help ${id}-state`}
          state={state}
          text={fieldText(state, drafts)}
          isOpen={isOpen}
          isWrong={problem !== undefined}
          onType={(text) => type(name, text)}
        />
        {problem !== undefined && (
          <p className={styles['problem']} role="alert">
            <span aria-hidden="true">▲ </span>
            {problem}
          </p>
        )}
        <p className={styles['help']} id={`${id}-help`}>
          {helpOf(name)}
        </p>
      </div>
      <div className={styles['state']} id={`${id}-state`}>
        <p>
          <span className={styles['value']} data-testid="in-force">
            {inForceWords(state)}
          </span>
          <span className={styles['who']} data-provenance={state.provenance} data-testid="provenance">
            {whoWords(state)}
          </span>
        </p>
        {next !== undefined && <p className={styles['next']}>{next}</p>}
        {isChanged && (
          <p className={styles['next']}>
            {setting.applies === 'now' ? 'In force once saved, for new transfers.' : 'Needs a restart.'}{' '}
            <Button weight="quiet" onPress={() => type(name, undefined)}>
              Undo
            </Button>
          </p>
        )}
      </div>
    </div>
  );
}

/** What is in brackets in the help is about the command line. */
function helpOf(name: SettingName): string {
  const text = settings[name].help.replace(/ \(default: .*\)$/, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

interface FieldProps {
  readonly id: string;
  readonly describedBy: string;
  readonly state: SettingState;
  readonly text: string;
  readonly isOpen: boolean;
  readonly isWrong: boolean;
  readonly onType: (text: string) => void;
}

/** Settings without an argument are on or off. */
function Field({ id, describedBy, state, text, isOpen, isWrong, onType }: FieldProps) {
  const setting: Setting = settings[state.name];
  if (setting.argument === undefined) {
    const isOn = (text === '' ? state.fallback : text) === 'true';
    return (
      <Switch isOn={isOn} isDisabled={!isOpen} onChange={(next) => onType(String(next))}>
        {isOn ? 'on' : 'off'}
      </Switch>
    );
  }
  const shared = {
    id,
    value: text,
    readOnly: !isOpen,
    spellCheck: false,
    autoComplete: 'off',
    placeholder: state.fallback === '' ? 'not set' : state.fallback,
    'aria-describedby': describedBy,
    'aria-invalid': isWrong,
    className: styles['field'],
  } as const;
  return lists.has(state.name) ? (
    <textarea {...shared} rows={4} onChange={(event) => onType(event.target.value)} />
  ) : (
    <input {...shared} onChange={(event) => onType(event.target.value)} />
  );
}

/** From when on something fires: what is typed is judged at once, and what is right is in force at once. */
import { useEffect, useId, useState } from 'react';
import { RotateCcw } from 'lucide-react';
import type { AlertSettings } from '#shared/alert-model.ts';
import { messageOf } from '#shared/errors.ts';
import { alertRuleFacts, alertRules, type AlertRule, formatThreshold } from '#shared/vocabulary/alerts.ts';
import { inTime } from '../../rpc/follow.ts';
import { useLive } from '../../state/live-context.ts';
import { Button } from '../../ui/button.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useIncidents } from './context.ts';
import { boundsWords, readThreshold } from './threshold-text.ts';
import section from '../../ui/section.module.css';
import styles from './rule-editor.module.css';

interface Rules {
  /** In force; `undefined` until the server has said. */
  readonly inForce: AlertSettings | undefined;
  /** Why the last change was refused, or why nothing could be read. */
  readonly failure: string | undefined;
  /** Of what was read. */
  readonly version?: number;
}

/** `version` grows when somebody changes them, here or elsewhere. */
export function RuleEditor({ version }: { readonly version: number }) {
  const { follower } = useLive();
  const [{ inForce, failure }, setRules] = useState<Rules>({ inForce: undefined, failure: undefined });
  useEffect(() => {
    let isWanted = true;
    inTime(follower.call((client) => client.alerts.rules())).then(
      (rules) => isWanted && setRules({ inForce: rules, failure: undefined, version }),
      (error: unknown) => isWanted && setRules((before) => ({ ...before, failure: messageOf(error) })),
    );
    return () => {
      isWanted = false;
    };
  }, [follower, version]);
  const change = (rule: AlertRule, to: AlertSettings[AlertRule]): void => {
    if (!inForce) return;
    void follower
      .call((client) => client.alerts.setRules({ ...inForce, [rule]: to }))
      .then(
        (rules) => setRules({ inForce: rules, failure: undefined }),
        (error: unknown) => setRules((before) => ({ ...before, failure: messageOf(error) })),
      );
  };
  return (
    <section aria-labelledby="rules-title" data-testid="rules">
      <header className={section['head']}>
        <h2 id="rules-title">Thresholds</h2>
        {failure === undefined ? (
          <span className={section['summary']}>something fires when …</span>
        ) : (
          <span className={section['bad']} role="alert">
            ▲ {failure}
          </span>
        )}
      </header>
      {inForce && (
        <ul className={styles['rules']}>
          {alertRules.map((rule) => (
            <Rule
              key={`${rule} ${inForce[rule].threshold}`}
              rule={rule}
              settings={inForce[rule]}
              onChange={(to) => change(rule, to)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface RuleProps {
  readonly rule: AlertRule;
  readonly settings: AlertSettings[AlertRule];
  readonly onChange: (to: AlertSettings[AlertRule]) => void;
}

function Rule({ rule, settings: { isOn, threshold }, onChange }: RuleProps) {
  const { mayChange } = useIncidents();
  const { label, when, fallback } = alertRuleFacts[rule];
  const written = formatThreshold(rule, threshold);
  const [text, setText] = useState(written);
  const id = useId();
  const typed = readThreshold(rule, text);
  const save = (): void => {
    if (typed.kind === 'value' && typed.value !== threshold) onChange({ isOn, threshold: typed.value });
    else if (typed.kind === 'value') setText(written);
  };
  return (
    <li className={styles['rule']} data-testid="rule" data-rule={rule} data-on={isOn}>
      <div className={styles['name']}>
        <Switch isOn={isOn} isDisabled={!mayChange} onChange={(on) => onChange({ isOn: on, threshold })}>
          {label}
        </Switch>
      </div>
      <p className={styles['when']}>{when}</p>
      <div className={styles['value']}>
        <input
          id={id}
          aria-label={`${label}: threshold`}
          aria-describedby={`${id}-hint`}
          aria-invalid={typed.kind === 'wrong'}
          value={text}
          readOnly={!mayChange}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          onKeyDown={({ key }) => {
            if (key === 'Enter') save();
            if (key === 'Escape') setText(written);
          }}
        />
        {mayChange && threshold !== fallback && (
          <Button
            weight="quiet"
            aria-label={`${label}: back to ${formatThreshold(rule, fallback)}`}
            title={`Back to ${formatThreshold(rule, fallback)}`}
            onPress={() => onChange({ isOn, threshold: fallback })}
          >
            <RotateCcw size={12} strokeWidth={1.75} aria-hidden="true" />
          </Button>
        )}
      </div>
      <p
        id={`${id}-hint`}
        className={styles['hint']}
        aria-live="polite"
        data-problem={typed.kind === 'wrong'}
      >
        {typed.kind === 'wrong' ? `▲ ${typed.sentence}. In force: ${written}` : boundsWords(rule)}
      </p>
    </li>
  );
}

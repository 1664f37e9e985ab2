import { type SubmitEvent, useEffect, useId, useState } from 'react';
import { theAdmission } from '../../rpc/admission.ts';
import { Button } from '../../ui/button.tsx';
import { CopyIcon } from '../../ui/copy-button.tsx';
import { Card } from './card.tsx';
import styles from './sign-in.module.css';

const remedy = 'sluice token add --role viewer';

/** Asks for a token. It goes to the server once, which gives a cookie for it. */
export function SignIn({ problem }: { readonly problem: string | undefined }) {
  const [token, setToken] = useState('');
  const field = useId();
  const trouble = useId();
  useEffect(() => {
    document.title = 'Sign in · Sluice';
    document.getElementById(field)?.focus();
  }, [field]);
  const submit = (event?: SubmitEvent): void => {
    event?.preventDefault();
    if (token.trim() === '') return;
    theAdmission.signIn(token.trim());
    setToken('');
  };
  return (
    <Card title="Sign in" testId="sign-in">
      <form className={styles['form']} onSubmit={submit}>
        <label htmlFor={field}>Token</label>
        <input
          id={field}
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          placeholder="slu_…"
          value={token}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : trouble}
          onChange={(event) => setToken(event.target.value)}
        />
        <Button weight="main" isDisabled={token.trim() === ''} onPress={submit}>
          Sign in
        </Button>
      </form>
      {problem !== undefined && (
        <p className={styles['problem']} id={trouble} role="alert">
          {sentence(problem)}
        </p>
      )}
      <div className={styles['hint']}>
        <p>
          Viewers look; operators also change things. The first tokens were shown when the server first
          started. This makes another, on its machine:
        </p>
        <div className={styles['command']}>
          <code>{remedy}</code>
          <CopyIcon text={remedy} name="command" />
        </div>
      </div>
    </Card>
  );
}

/** The server's words begin small, as what follows a colon. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

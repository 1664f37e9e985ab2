/** Another server to look at. Nothing is remembered before it has answered. */
import { useId, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import { go, serverParam } from '../../state/place.ts';
import { useServers } from '../../state/servers-context.ts';
import { Field } from '../../ui/field.tsx';
import { Question } from '../../ui/question.tsx';
import type { ShellDialogProps } from './dialogs.tsx';
import styles from './forms.module.css';

export function AddServer({ onClose }: ShellDialogProps) {
  const servers = useServers();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [state, setState] = useState<'idle' | 'asking' | { readonly failure: string }>('idle');
  const formId = useId();
  const wrong = url === '' || isHttpUrl(url) ? undefined : 'An address begins with http:// or https://.';
  const called = name.trim() === '' ? hostOf(url) : name.trim();
  const isTaken = servers.lines.some((line) => line.name === called);
  const isReady = isHttpUrl(url) && called !== '' && !isTaken && state !== 'asking';
  const connect = async (): Promise<void> => {
    if (!isReady) return;
    setState('asking');
    try {
      const secret = token.trim();
      const id = await servers.add({ name: called, url, ...(secret === '' ? {} : { token: secret }) });
      onClose();
      go({ view: 'live', subject: '', params: { [serverParam]: servers.addressOf({ id, name: called }) } });
    } catch (error) {
      setState({ failure: messageOf(error) });
    }
  };
  return (
    <Question
      title="Connect to a running server"
      testId="add-server"
      onClose={onClose}
      no="Cancel"
      yes={state === 'asking' ? 'Connecting…' : 'Connect'}
      weight="main"
      isDisabled={!isReady}
      onYes={() => void connect()}
      closes="after"
      form={formId}
    >
      <form
        id={formId}
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void connect();
        }}
      >
        <Field
          label="Address"
          value={url}
          onChange={setUrl}
          placeholder="https://sluice.example:7420"
          hint="As its console is opened with a browser."
          problem={wrong}
          isFirst
        />
        <Field
          label="Token"
          value={token}
          onChange={setToken}
          type="password"
          hint="From “sluice token list” there; empty where none is asked for. It stays with this server and is never shown."
        />
        <Field
          label="Name"
          value={name}
          onChange={setName}
          placeholder={hostOf(url)}
          hint="How it is called here."
          problem={isTaken ? 'Another server has this name.' : undefined}
        />
        {typeof state === 'object' && (
          <p className={styles['failure']} role="alert">
            ▲ {state.failure}
          </p>
        )}
      </form>
    </Question>
  );
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+/.test(text.trim());
}

function hostOf(text: string): string {
  return /^https?:\/\/([^\s/?#:]+)/.exec(text.trim())?.[1] ?? '';
}

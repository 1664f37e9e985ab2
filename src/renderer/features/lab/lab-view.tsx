/**
 * The Range Lab: what a URL answers to a request with ranges and conditions, why, and whether it is what RFC 9110 says;
 * and the same of a whole server, check by check.
 */
import { useEffect } from 'react';
import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { useParam } from '../../state/place.ts';
import { useSignal } from '../../state/signal.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { CheckTab } from './check-tab.tsx';
import { useForm } from './form.ts';
import { RequestTab } from './request-tab.tsx';
import { Target } from './target.tsx';
import { useCheck } from './use-check.ts';
import { useSending } from './use-sending.ts';
import styles from './lab-view.module.css';

export function LabView() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const { kind } = store.connection;
  const isConnected = kind === 'live';
  const [tab, setTab] = useParam('tab');
  const form = useForm();
  const sending = useSending();
  const checking = useCheck();
  const isCheck = tab === 'check';
  const { url } = form.request;
  const isRunning = checking.run?.state === 'running';
  const isBusy = isCheck ? isRunning : sending.isSending;
  const run = (): void => {
    if (isCheck) checking.start(url);
    else sending.send(form.request);
  };
  const cancel = (): void => {
    if (isCheck) checking.cancel();
    else sending.cancel();
  };
  useCommand('lab.run', isConnected && !isBusy && url !== '' ? run : undefined);
  useEffect(() => {
    if (url === '') document.querySelector<HTMLInputElement>('#lab-url')?.focus();
    // Only on arrival: whoever empties the field is in it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  return (
    <main className={styles['view']} data-stale={!isConnected} data-testid="lab">
      <Target
        form={form}
        purpose={isCheck ? 'check' : 'send'}
        isBusy={isBusy}
        isConnected={isConnected}
        onRun={run}
        onCancel={cancel}
      />
      <Tabs
        label="Range Lab"
        value={isCheck ? 'check' : 'request'}
        onChange={(next) => setTab(next === 'check' ? 'check' : undefined)}
        tabs={[
          {
            value: 'request',
            name: 'One request',
            content: <RequestTab form={form} sending={sending} isConnected={isConnected} />,
          },
          {
            value: 'check',
            name: 'Check a server',
            content: <CheckTab checking={checking} url={url} isConnected={isConnected} />,
          },
        ]}
      />
    </main>
  );
}

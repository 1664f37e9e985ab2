/** The demo while it runs, on every view: its object and its two clients. */
import { formatBytes } from '#shared/units.ts';
import { useCommand } from '../../state/commands.ts';
import type { DemoStore } from '../../state/demo-store.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { stopPath } from '../../ui/icons.tsx';
import { Switch } from '../../ui/switch.tsx';
import styles from './demo-strip.module.css';

export function DemoStrip({ demo }: { readonly demo: DemoStore }) {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  useSignal(demo.changed);
  const { state } = demo;
  const act = (work: Parameters<DemoStore['act']>[0]): void => void demo.act(work);
  const isOperator = store.currentHello?.role === 'operator';
  const isRunning = state?.isRunning === true;
  const stop = (): void => act((client) => client.demo.stop());
  const slow = (on: boolean): void => act((client) => client.demo.slowClient({ on }));
  const fast = (on: boolean): void => act((client) => client.demo.fastClient({ on }));
  useCommand(
    'demo.start',
    isOperator && state && !isRunning ? () => act((client) => client.demo.start()) : undefined,
  );
  useCommand('demo.slow', isOperator && isRunning ? () => slow(!state.isSlowClientOn) : undefined);
  useCommand('demo.stop', isOperator && isRunning ? stop : undefined);
  if (!isRunning) return <div hidden />;
  const command = `curl -r 0-1048575 -o part ${state.url}`;
  return (
    <section className={styles['strip']} aria-label="Demo" data-testid="demo">
      <span className={styles['name']}>Demo</span>
      <span className={styles['quiet']}>
        an object of {formatBytes(state.sizeBytes)}, made up as it is read
      </span>
      <Switch isOn={state.isFastClientOn} isDisabled={!isOperator} onChange={fast}>
        Fast client
      </Switch>
      <Switch isOn={state.isSlowClientOn} isDisabled={!isOperator} onChange={slow} testId="slow-client">
        Slow client
      </Switch>
      <span className={styles['quiet']} aria-live="polite">
        {state.isSlowClientOn
          ? 'Twenty connections that take next to nothing: amber fills the memory, reaches the budget, and stops.'
          : 'Switch it on and watch the memory.'}
      </span>
      <span className={styles['end']}>
        <CopyButton text={command} label="Copy curl" />
        {isOperator && (
          <Button weight="quiet" icon={stopPath} onPress={stop}>
            End the demo
          </Button>
        )}
      </span>
    </section>
  );
}

import type { ComponentProps } from 'react';
import { useLive } from '../../state/live-context.ts';
import { useServers } from '../../state/servers-context.ts';
import { useSignal } from '../../state/signal.ts';
import { downPath, Icon } from '../../ui/icons.tsx';
import styles from './chip.module.css';

export const words = { connecting: 'Connecting', live: 'Connected', lost: 'Disconnected' } as const;

/** Which server is looked at, and whether the line to it stands. Passes on what a menu adds to it. */
export function ServerChip(passed: ComponentProps<'button'>) {
  const servers = useServers();
  const { store } = useLive();
  useSignal(servers.switched);
  useSignal(store.connectionChanged);
  const current = servers.lines.find(({ id }) => id === servers.currentId);
  const { kind } = store.connection;
  const own = store.currentHello?.url ?? location.host;
  return (
    <button
      title="Switch server"
      {...passed}
      type="button"
      className={styles['chip']}
      data-testid="connection"
      data-state={kind}
      data-server={current?.name}
    >
      <span className={styles['dot']} data-state={kind} />
      {kind === 'live' ? <span className="visually-hidden">Connected to</span> : words[kind]}
      <span className={styles['strong']}>{current?.name}</span>
      <span className={styles['address']}>{bare(current?.url || own)}</span>
      <span className={styles['down']}>
        <Icon path={downPath} />
      </span>
    </button>
  );
}

/** An address without what goes without saying. */
export function bare(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

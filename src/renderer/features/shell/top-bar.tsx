import { formatBytes } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { formatShare } from '../../ui/format.ts';
import { Mark } from '../../ui/icons.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import styles from './top-bar.module.css';

/** Who is watched, whether the line to it stands, and the one number that matters. */
export function TopBar() {
  return (
    <header className={styles['bar']}>
      <h1 className={styles['name']}>
        <Mark />
        Sluice
      </h1>
      <Server />
      <div className={styles['end']}>
        <BudgetChip />
        <ThemeSwitch />
      </div>
    </header>
  );
}

const words = { connecting: 'Connecting', live: 'Live', lost: 'Disconnected' } as const;

function Server() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const { kind } = store.connection;
  const address = store.currentHello?.url.replace(/^https?:\/\//, '').replace(/\/$/, '') ?? location.host;
  return (
    <div className={styles['server']} data-testid="connection" data-state={kind}>
      <span className={styles['dot']} data-state={kind} />
      <span>{words[kind]}</span>
      <span className={styles['address']}>{address}</span>
    </div>
  );
}

const segments = 10;

function BudgetChip() {
  const { store } = useLive();
  useSignal(store.changed.memory);
  const memory = store.currentFrame?.memory;
  if (!memory) return null;
  const { ledgerBytes, budgetBytes } = memory;
  const usedBytes = ledgerBytes - memory.byState.spare;
  const share = budgetBytes > 0 ? usedBytes / budgetBytes : 0;
  const lit = share >= 0.01 ? Math.max(1, Math.round(share * segments)) : 0;
  return (
    <div
      className={styles['chip']}
      data-testid="budget-chip"
      data-over={ledgerBytes > budgetBytes}
      data-ledger-bytes={ledgerBytes}
      data-budget-bytes={budgetBytes}
      title="Bytes that transfers, caches and uploads hold now, of the memory budget"
    >
      <span className={styles['quiet']}>Window</span>
      <span>
        {formatBytes(usedBytes)} <span className={styles['quiet']}>/ {formatBytes(budgetBytes)}</span>
      </span>
      <span className={styles['meter']} aria-hidden="true">
        {Array.from({ length: segments }, (_, index) => (
          <i key={index} data-lit={index < lit} />
        ))}
      </span>
      <span className={styles['share']}>{formatShare(usedBytes, budgetBytes)}</span>
    </div>
  );
}

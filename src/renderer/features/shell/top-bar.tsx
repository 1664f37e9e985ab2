import { formatBytes, formatShare } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { usageOf } from '../../state/glance.ts';
import { placeHash } from '../../state/place.ts';
import { theShortcuts } from '../../state/shortcuts.ts';
import { useSignal } from '../../state/signal.ts';
import { Icon, Mark, searchPath } from '../../ui/icons.tsx';
import { Keys } from '../../ui/keys.tsx';
import { Bell } from './bell.tsx';
import { RecordChip } from './record-chip.tsx';
import { ServerMenu } from './server-menu.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { TimeChip } from './time-chip.tsx';
import styles from './top-bar.module.css';

interface TopBarProps {
  readonly onPalette: () => void;
  readonly onAddServer: () => void;
}

/** Who is watched, which time is looked at, and the one number that matters. */
export function TopBar({ onPalette, onAddServer }: TopBarProps) {
  useSignal(theShortcuts.changed);
  const [paletteKeys] = theShortcuts.keysOf('help.palette');
  return (
    <header className={styles['bar']}>
      <h1 className={styles['name']}>
        <Mark />
        <span>Sluice</span>
      </h1>
      <ServerMenu onAdd={onAddServer} />
      <TimeChip />
      <RecordChip />
      <div className={styles['end']}>
        <button type="button" className={styles['palette']} title="Command palette" onClick={onPalette}>
          <span className="visually-hidden">Command palette</span>
          <Icon path={searchPath} />
          {paletteKeys !== undefined && <Keys keys={paletteKeys} />}
        </button>
        <BudgetChip />
        <Bell />
        <ThemeSwitch />
      </div>
    </header>
  );
}

const segments = 10;

function BudgetChip() {
  const { store } = useLive();
  useSignal(store.changed.memory);
  const memory = store.currentFrame?.memory;
  if (!memory) return null;
  const { ledgerBytes } = memory;
  const { usedBytes, budgetBytes } = usageOf(memory);
  const share = budgetBytes > 0 ? usedBytes / budgetBytes : 0;
  const lit = share >= 0.01 ? Math.max(1, Math.round(share * segments)) : 0;
  return (
    <a
      className={styles['chip']}
      href={placeHash('heap', 'now')}
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
    </a>
  );
}

import { BudgetBar } from './budget-bar.tsx';
import { Legend } from './legend.tsx';
import { StoreLine } from './store-line.tsx';
import styles from './present.module.css';

/** The present instant of what all lanes share: the budget, the store, and what the shapes mean. */
export function Present() {
  return (
    <aside className={styles['present']} aria-label="Now">
      <BudgetBar />
      <StoreLine />
      <Legend />
    </aside>
  );
}

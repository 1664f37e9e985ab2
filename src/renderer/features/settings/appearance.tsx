import { ThemeSwitch } from '../shell/theme-switch.tsx';
import styles from './console-section.module.css';

export function Appearance() {
  return (
    <div className={styles['row']}>
      <h3>Theme</h3>
      <div>
        <ThemeSwitch />
      </div>
    </div>
  );
}

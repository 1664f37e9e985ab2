import {
  contrasts,
  applyContrast,
  appearanceChanged,
  currentContrast,
  type Contrast,
} from '../../state/theme.ts';
import {
  canShowNotices,
  desktopNoticesAreOn,
  desktopNoticesChanged,
  switchDesktopNotices,
} from '../../state/desktop-notices.ts';
import { useSignal } from '../../state/signal.ts';
import { Segments } from '../../ui/segments.tsx';
import { Switch } from '../../ui/switch.tsx';
import { ThemeChoice, useRepaint } from '../shell/theme-switch.tsx';
import styles from './console-section.module.css';

const contrastNames: Readonly<Record<Contrast, string>> = {
  system: 'As the system',
  more: 'High',
  normal: 'Usual',
};

export function Appearance() {
  return (
    <>
      <div className={styles['row']}>
        <h3>Theme</h3>
        <div className={styles['choice']}>
          <ThemeChoice />
        </div>
      </div>
      <div className={styles['row']}>
        <h3>Contrast</h3>
        <div className={styles['choice']}>
          <ContrastChoice />
        </div>
      </div>
      {canShowNotices() && (
        <div className={styles['row']}>
          <h3>Notices</h3>
          <SystemNotices />
        </div>
      )}
    </>
  );
}

function ContrastChoice() {
  const repaint = useRepaint();
  useSignal(appearanceChanged);
  return (
    <Segments
      label="Contrast"
      value={currentContrast()}
      onChange={(next) => repaint(() => applyContrast(next))}
      options={contrasts.map((value) => ({
        value,
        name: contrastNames[value],
        content: contrastNames[value],
      }))}
    />
  );
}

function SystemNotices() {
  useSignal(desktopNoticesChanged);
  return (
    <Switch isOn={desktopNoticesAreOn()} onChange={(isOn) => void switchDesktopNotices(isOn ? 'on' : 'off')}>
      Have the system show them while this console is hidden
    </Switch>
  );
}

import { type Live, LiveContext } from './state/live-context.ts';
import { ConnectionNotice } from './features/shell/connection-notice.tsx';
import { StatusBar } from './features/shell/status-bar.tsx';
import { TopBar } from './features/shell/top-bar.tsx';
import { LiveView } from './features/live/live-view.tsx';
import styles from './app.module.css';

export function App({ live }: { readonly live: Live }) {
  return (
    <LiveContext value={live}>
      <div className={styles['shell']}>
        <TopBar />
        <LiveView />
        <StatusBar />
      </div>
      <ConnectionNotice />
    </LiveContext>
  );
}

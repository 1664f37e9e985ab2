import { Suspense, useEffect } from 'react';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { type Live, LiveContext } from './state/live-context.ts';
import { ConnectionNotice } from './features/shell/connection-notice.tsx';
import { Rail } from './features/shell/rail.tsx';
import { StatusBar } from './features/shell/status-bar.tsx';
import { TopBar } from './features/shell/top-bar.tsx';
import { useCommand } from './state/commands.ts';
import { go, usePlace } from './state/place.ts';
import { openWindow } from './rpc/desktop.ts';
import { viewNamed, views } from './views.tsx';
import styles from './app.module.css';

export function App({ live }: { readonly live: Live }) {
  const current = viewNamed(usePlace().view);
  useEffect(() => {
    document.title = `${current.title} · Sluice`;
  }, [current]);
  useCommand('go.live', () => goTo('live'));
  useCommand('go.repositories', () => goTo('repositories'));
  useCommand('view.detach', () => openWindow(live.follower));
  return (
    <CSPProvider disableStyleElements>
      <LiveContext value={live}>
        <div className={styles['shell']}>
          <TopBar />
          <div className={styles['middle']}>
            <Rail views={views} current={current.name} />
            <Suspense fallback={<main className={styles['loading']}>Loading {current.title}</main>}>
              <current.component />
            </Suspense>
          </div>
          <StatusBar />
        </div>
        <ConnectionNotice />
      </LiveContext>
    </CSPProvider>
  );
}

function goTo(view: string): void {
  go({ view, subject: '', params: {} });
}

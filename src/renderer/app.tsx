import { type ReactNode, Suspense, useEffect, useState } from 'react';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { type CommandName, commands } from '#shared/commands.ts';
import { DropTarget } from './features/playback/drop-target.tsx';
import { NotRecorded } from './features/playback/not-recorded.tsx';
import { ConnectionNotice } from './features/shell/connection-notice.tsx';
import { type DialogName, ShellDialog } from './features/shell/dialogs.tsx';
import { NoSuchServer } from './features/shell/no-such-server.tsx';
import { Rail } from './features/shell/rail.tsx';
import { Recording } from './features/shell/recording.tsx';
import { StatusBar } from './features/shell/status-bar.tsx';
import { TopBar } from './features/shell/top-bar.tsx';
import { theCommands, useCommand } from './state/commands.ts';
import { DemoStore } from './state/demo-store.ts';
import { LiveContext, useLive } from './state/live-context.ts';
import { chooseFiles } from './state/file-dialog.ts';
import { useFileOfServer } from './state/file-of-server.ts';
import { go, recordingParam, serverParam, usePlace } from './state/place.ts';
import type { Servers } from './state/servers.ts';
import { ServersContext } from './state/servers-context.ts';
import { useSignal } from './state/signal.ts';
import { openWindow } from './rpc/desktop.ts';
import { ViewBoundary } from './ui/boundary.tsx';
import { Toasts } from './ui/toasts.tsx';
import { viewNamed, views } from './views.tsx';
import { lazily } from './ui/lazily.ts';
import styles from './app.module.css';

const DemoStrip = lazily(async () => (await import('./features/shell/demo-strip.tsx')).DemoStrip);
/** With what reads recordings, which only those who play one need. */
const Playback = lazily(async () => (await import('./features/playback/playback.tsx')).Playback);
const FirstRun = lazily(async () => (await import('./features/shell/first-run.tsx')).FirstRun);

export function App({ servers }: { readonly servers: Servers }) {
  const place = usePlace();
  useSignal(servers.switched);
  const wanted = place.params[serverParam] ?? '';
  const recording = place.params[recordingParam];
  const id = servers.find(wanted)?.id;
  useEffect(() => {
    if (id !== undefined) servers.show(id);
  }, [servers, id]);
  return (
    <CSPProvider disableStyleElements>
      <ServersContext value={servers}>
        {/* Another server is another console, and so is the present after a recording: nothing of what was open or
            chosen is about it. */}
        {recording === undefined ? (
          <LiveContext value={servers.live}>
            <Shell
              key={`${servers.currentId} ${servers.liveNumber}`}
              instead={id === undefined ? <NoSuchServer name={wanted} /> : undefined}
            />
          </LiveContext>
        ) : (
          <Suspense>
            <Playback
              key={`${servers.currentId} ${recording}`}
              servers={servers}
              recording={recording}
              around={Shell}
            />
          </Suspense>
        )}
        <FileOfServer servers={servers} />
        <Toasts />
        <DropTarget />
      </ServersContext>
    </CSPProvider>
  );
}

/** Of its own, so that nothing else is rendered when it looks. */
function FileOfServer({ servers }: { readonly servers: Servers }) {
  useFileOfServer(servers);
  return null;
}

interface ShellProps {
  /** What is shown instead of a view. */
  readonly instead: ReactNode;
  /** Above the views, when it is a recording that they show. */
  readonly strip?: ReactNode;
}

function Shell({ instead, strip }: ShellProps) {
  const place = usePlace();
  const current = viewNamed(place.view);
  const { store, follower, player } = useLive();
  const [dialog, open] = useState<DialogName>();
  const [demo] = useState(() => new DemoStore(follower.call));
  useSignal(store.connectionChanged);
  const isLive = store.connection.kind === 'live';
  const isPresent = isLive && strip === undefined;
  useEffect(() => (isPresent ? demo.follow() : undefined), [demo, isPresent]);
  useEffect(() => {
    document.title = `${current.title} · Sluice`;
  }, [current]);
  useViewCommands();
  useCommand('help.palette', () => open('palette'));
  useCommand('help.shortcuts', () => open('shortcuts'));
  useCommand('server.add', () => open('server'));
  useCommand('server.bucket', () => open('bucket'));
  useCommand('view.detach', () => openWindow(follower));
  useCommand('file.open', chooseFiles);
  const isRecorded = !player || current.isRecorded === true;
  return (
    <Recording>
      <div className={styles['shell']}>
        <TopBar onPalette={() => open('palette')} onAddServer={() => open('server')} />
        {strip ?? (
          <Suspense fallback={<div hidden />}>
            <DemoStrip demo={demo} />
          </Suspense>
        )}
        <div className={styles['middle']}>
          <Rail views={views.filter(({ place }) => place !== 'off the rail')} current={current.name} />
          <ViewBoundary title={current.title} place={place}>
            <Suspense fallback={<main className={styles['loading']}>Loading {current.title}</main>}>
              {instead ?? (isRecorded ? <current.component /> : <NotRecorded title={current.title} />)}
            </Suspense>
          </ViewBoundary>
          {!instead && strip === undefined && current.name === 'live' && (
            <Suspense>
              <FirstRun demo={demo} onOpen={open} />
            </Suspense>
          )}
        </div>
        <StatusBar />
      </div>
      <ConnectionNotice />
      {dialog && <ShellDialog name={dialog} onClose={() => open(undefined)} onOpen={open} />}
    </Recording>
  );
}

/** Each view that has a command can be gone to by it. */
function useViewCommands(): void {
  useEffect(() => {
    const takeBack = views.map(({ name }) => {
      const command = `go.${name}`;
      return isCommand(command)
        ? theCommands.offer(command, () => go({ view: name, subject: '', params: {} }))
        : undefined;
    });
    return () => {
      for (const each of takeBack) each?.();
    };
  }, []);
}

function isCommand(name: string): name is CommandName {
  return commands.some((command) => command.name === name);
}

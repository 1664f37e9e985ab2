import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { SignInGate } from './features/sign-in/sign-in-gate.tsx';
import { hasToken, takeToken, theAdmission } from './rpc/admission.ts';
import { connect } from './rpc/connect.ts';
import { hearDesktop } from './rpc/desktop.ts';
import { listenForKeys } from './state/commands.ts';
import { showNoticesOnDesktop } from './state/desktop-notices.ts';
import { openShownFile } from './state/file-of-server.ts';
import { theFootprint } from './state/footprint.ts';
import { theNotifications } from './state/notifications.ts';
import { glancesFootprint, Servers } from './state/servers.ts';
import { applyContrast, applyTheme, currentContrast, currentTheme } from './state/theme.ts';
import { watchServer } from './state/watch.ts';
import { PageBoundary } from './ui/boundary.tsx';
import { PaintLoop } from './ui/paint-loop.ts';
import { forgetPalette } from './ui/palette.ts';

theAdmission.offer(takeToken(location, history));
// A link that signs in may be opened where the console is open already: only the part behind # changes then.
window.addEventListener('hashchange', () => {
  if (hasToken(location)) location.reload();
});
applyTheme(currentTheme());
applyContrast(currentContrast());
const loop = new PaintLoop();
const servers = new Servers({ open: connect, loop, attend: watchServer });
listenForKeys(window);
showNoticesOnDesktop((notice) => servers.live.follower.call((client) => client.desktop.notify(notice)));
theFootprint.add('live', () => servers.live.store.footprint);
theFootprint.add('notifications', () => theNotifications.footprint);
theFootprint.add('other servers', () => glancesFootprint(servers.glances));
hearDesktop(window, (file) => openShownFile(servers.ownCall, file));

for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', () => {
    applyContrast(currentContrast());
    forgetPalette();
    loop.invalidate();
  });
}
// Canvases draw with the console's fonts: what was painted before they came is painted again.
void document.fonts.ready.then(loop.invalidate);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <PageBoundary version={() => servers.current.hello?.version}>
        <SignInGate>
          <App servers={servers} />
        </SignInGate>
      </PageBoundary>
    </StrictMode>,
  );
}

import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { hearDesktop } from './rpc/desktop.ts';
import { follow } from './rpc/follow.ts';
import { listenForKeys } from './state/commands.ts';
import { LiveStore } from './state/live-store.ts';
import { applyTheme, storedTheme } from './state/theme.ts';
import { Timeline } from './state/timeline.ts';
import { PaintLoop } from './ui/paint-loop.ts';
import { forgetPalette } from './ui/palette.ts';

applyTheme(storedTheme());
const loop = new PaintLoop();
const timeline = new Timeline();
const store = new LiveStore(loop.request);
listenForKeys(window);
hearDesktop(window);
const follower = follow(store, new AbortController().signal);

for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
  matchMedia(query).addEventListener('change', () => {
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
      <App live={{ store, timeline, loop, follower }} />
    </StrictMode>,
  );
}

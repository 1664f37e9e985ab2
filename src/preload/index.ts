/** The bridge: says that this is the desktop, and hands message ports to the main process. Nothing else. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('sluiceDesktop', true);

window.addEventListener('message', (event) => {
  const isOurs = event.source === window && event.origin === window.location.origin;
  const { type, server } = (event.data ?? {}) as { readonly type?: unknown; readonly server?: unknown };
  if (!isOurs || type !== 'sluice:connect') return;
  ipcRenderer.postMessage('sluice:connect', { server }, [...event.ports]);
});

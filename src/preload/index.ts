/** The bridge: says that this is the desktop, and hands one message port to the main process. Nothing else. */
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('sluiceDesktop', true);

window.addEventListener('message', (event) => {
  const isOurs = event.source === window && event.origin === window.location.origin;
  if (!isOurs || event.data !== 'sluice:connect') return;
  ipcRenderer.postMessage('sluice:connect', null, [...event.ports]);
});

import { useLive } from './live-context.ts';

/** The server's address as this console reaches it: behind a proxy that is not where the server listens. */
export function useServerUrl(): string {
  const { store } = useLive();
  const isWindow = window.sluiceDesktop === true;
  return (isWindow && store.currentHello?.url) || new URL('..', document.baseURI).href;
}

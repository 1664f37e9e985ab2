import { useLive } from '../../state/live-context.ts';

/** Where this console reaches the server, with a slash at its end: behind a proxy that is not where it listens. */
export function useServerUrl(): string {
  const { store } = useLive();
  const listening = window.sluiceDesktop === true ? store.currentHello?.url : undefined;
  const url = listening ?? new URL('..', document.baseURI).href;
  return url.endsWith('/') ? url : `${url}/`;
}

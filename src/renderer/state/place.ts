/**
 * Where in the console somebody is: a view, what is open in it, and how it is looked at (filter, time, selection). It
 * stands in the address, after the `#`, so that it can be bookmarked, sent and gone back to; the window on the desktop
 * has the same addresses. Nothing that shows something else may be kept anywhere but here.
 */
import { useCallback, useSyncExternalStore } from 'react';

export type Params = Readonly<Record<string, string>>;

export interface Place {
  /** The name of a view; empty for the first. */
  readonly view: string;
  /** What is open in it; empty for nothing. */
  readonly subject: string;
  /** What else the view shows, by name. */
  readonly params: Params;
}

/** `#/repositories/git.example/team/project?q=x` is `repositories` with `git.example/team/project` open. */
export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [view = '', ...subject] = path.split('/');
  const params = Object.fromEntries(new URLSearchParams(query));
  return { view, subject: subject.map(decoded).join('/'), params };
}

/**
 * The parameter that says which server: it stays wherever one goes, until another is given. Empty: the page's own.
 */
export const serverParam = 'server';

/**
 * The recording that is played instead of the present, and the instant of it: they stay as well. Empty: none. Another
 * server has other recordings, and another recording has other instants.
 */
export const recordingParam = 'recording';
export const instantParam = 'at';

/** The address of a place, for links: `#/repositories`. */
export function placeHash(view: string, subject = '', params: Params = {}): string {
  const parts = [view, ...subject.split('/').filter((part) => part !== '')];
  const { [serverParam]: _server, [recordingParam]: _recording, [instantParam]: _at, ...others } = params;
  const query = new URLSearchParams({ ...others, ...stayingOf(params) }).toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`;
}

/** Where somebody is now. */
export function usePlace(): Place {
  return parsePlace(useSyncExternalStore(watchHash, () => location.hash));
}

/**
 * Goes somewhere, and everybody knows before it returns: what is pressed next acts on where somebody is by then.
 * `replace`: what was before is not gone back to (typing, scrubbing).
 */
export function go(place: Place, how: 'push' | 'replace' = 'push'): void {
  const hash = placeHash(place.view, place.subject, place.params);
  if (hash === location.hash) return;
  if (how === 'push') history.pushState(undefined, '', hash);
  else history.replaceState(history.state, '', hash);
  // Neither tells anybody; an assignment to `location.hash` would only in a task of its own.
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** One parameter of the address, and a way to change it; `undefined` takes it away. */
export function useParam(
  name: string,
): readonly [string | undefined, (value: string | undefined, how?: 'push' | 'replace') => void] {
  const place = usePlace();
  const set = useCallback(
    (value: string | undefined, how?: 'push' | 'replace') => {
      const now = parsePlace(location.hash);
      const { [name]: _old, ...rest } = now.params;
      go({ ...now, params: value === undefined ? rest : { ...rest, [name]: value } }, how);
    },
    [name],
  );
  return [place.params[name], set];
}

/** What stays of the present address, unless `params` say otherwise. */
function stayingOf(params: Params): Params {
  const now = typeof location === 'undefined' ? {} : parsePlace(location.hash).params;
  const { [serverParam]: server = '', [recordingParam]: recording = '' } = now;
  const nextServer = params[serverParam] ?? server;
  const nextRecording = params[recordingParam] ?? (nextServer === server ? recording : '');
  const isSame = nextServer === server && nextRecording === recording;
  const at = params[instantParam] ?? (isSame ? now[instantParam] : undefined) ?? '';
  const staying = [
    [serverParam, nextServer],
    [recordingParam, nextRecording],
    [instantParam, nextRecording === '' ? '' : at],
  ] as const;
  return Object.fromEntries(staying.filter(([, value]) => value !== ''));
}

function watchHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/** A broken escape is taken as it stands: nothing is found there then. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Where in the console somebody is: a view, and what is open in it. It stands in the address, after the `#`, so that
 * it can be bookmarked, sent and gone back to; the window on the desktop has the same addresses.
 */
import { useSyncExternalStore } from 'react';

export interface Place {
  /** The name of a view; empty for the first. */
  readonly view: string;
  /** What is open in it; empty for nothing. */
  readonly subject: string;
}

/** `#/repositories/git.example/team/project` is the view `repositories` with `git.example/team/project` open. */
export function parsePlace(hash: string): Place {
  const [view = '', ...subject] = hash.replace(/^#?\/?/, '').split('/');
  return { view, subject: subject.map(decoded).join('/') };
}

/** The address of a place, for links: `#/repositories`. */
export function placeHash(view: string, subject = ''): string {
  const parts = [view, ...subject.split('/').filter((part) => part !== '')];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

/** Where somebody is now. */
export function usePlace(): Place {
  return parsePlace(useSyncExternalStore(watchHash, () => location.hash));
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

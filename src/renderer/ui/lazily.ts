/** Parts of the console that are loaded when they are first shown. */
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

/** Between two attempts, in milliseconds. */
const againMs = 1000;

/**
 * `lazy`, for a console whose server may be away: what cannot be loaded now is asked for until it is there. An import that
 * fails would take the whole page down, and with it what is still shown of the server that has gone.
 */
export function lazily<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => ({ default: await persistently(load) }));
}

/** What `load` gives, however often it fails before. */
export async function persistently<T>(load: () => Promise<T>, pauseMs = againMs): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    }
  }
}

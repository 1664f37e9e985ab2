/** Counts the changes of the theme: what is drawn with its colours is drawn again. */
import { useSyncExternalStore } from 'react';

let version = 0;

export function useThemeVersion(): number {
  return useSyncExternalStore(watchTheme, () => version);
}

function watchTheme(listener: () => void): () => void {
  const changed = (): void => {
    version += 1;
    listener();
  };
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', changed);
  const switched = new MutationObserver(changed);
  switched.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
    switched.disconnect();
  };
}

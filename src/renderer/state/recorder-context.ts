import { createContext, use } from 'react';
import type { RecorderStore } from './recorder-store.ts';

export const RecorderContext = createContext<RecorderStore | undefined>(undefined);

/** What the server that is looked at records and has noticed. */
export function useRecorder(): RecorderStore {
  const store = use(RecorderContext);
  if (!store) throw new Error('used outside the shell');
  return store;
}

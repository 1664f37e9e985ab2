import { createContext, use } from 'react';
import type { RecordingList } from '#shared/recording/model.ts';
import type { Actions } from './actions.ts';

/** What every part of the view works with. */
export interface IncidentsContext {
  readonly list: RecordingList;
  readonly actions: Actions;
  /** Whether this console is an operator's: the others see what there is and change nothing. */
  readonly mayChange: boolean;
  /** Grows when something was changed from here. */
  readonly changes: number;
  /** Asks the server again at once: something has been changed from here. */
  readonly refresh: () => void;
}

export const IncidentsContext = createContext<IncidentsContext | undefined>(undefined);

export function useIncidents(): IncidentsContext {
  const context = use(IncidentsContext);
  if (!context) throw new Error('used outside the Incidents view');
  return context;
}

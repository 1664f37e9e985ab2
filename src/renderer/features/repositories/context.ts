import { createContext, use } from 'react';
import type { RepositoryStore } from '../../state/repository-store.ts';
import type { Actions } from './actions.ts';

/** What every part of the view works with. */
export interface RepositoriesContext {
  readonly store: RepositoryStore;
  readonly actions: Actions;
  /** Whether this console is an operator's: the others see what there is and change nothing. */
  readonly mayChange: boolean;
}

export const RepositoriesContext = createContext<RepositoriesContext | undefined>(undefined);

export function useRepositories(): RepositoriesContext {
  const context = use(RepositoriesContext);
  if (!context) throw new Error('used outside the Repositories view');
  return context;
}

/** What somebody can do in the view. What is refused is said in the view; nothing throws. */
import { useMemo, useState } from 'react';
import type { StartableKind } from '#shared/contract/repositories.ts';
import { messageOf } from '#shared/errors.ts';
import type { Job, RepositoryRow } from '#shared/repository-model.ts';
import type { ConsoleClient } from '../../rpc/connect.ts';
import type { Follower } from '../../rpc/follow.ts';
import { placeHash } from '../../state/place.ts';
import type { RepositoryStore } from '../../state/repository-store.ts';
import { subjectOf } from './words.ts';

/** What is asked or shown before all else. */
export type Question =
  | { readonly kind: 'log'; readonly job: Job }
  | { readonly kind: 'remove'; readonly row: RepositoryRow }
  | { readonly kind: 'restore'; readonly name: string; readonly directory: string };

export interface Actions {
  readonly start: (name: string, kind: StartableKind) => void;
  readonly cancel: (job: Job) => void;
  readonly remove: (name: string) => void;
  /** Asks for a folder, and then whether it is the right one. */
  readonly chooseFolder: (name: string) => void;
  readonly restore: (name: string, directory: string) => void;
  readonly ask: (question: Question | undefined) => void;
  /** Opens the details of a repository, or closes them. */
  readonly open: (name: string | undefined) => void;
}

export interface ActionState {
  readonly actions: Actions;
  readonly question: Question | undefined;
  /** Why the last action was refused: a sentence. */
  readonly refusal: string | undefined;
  readonly dismiss: () => void;
}

/** The name of the view in addresses. */
const viewName = 'repositories';

export function useActions(store: RepositoryStore, call: Follower['call']): ActionState {
  const [question, ask] = useState<Question>();
  const [refusal, setRefusal] = useState<string>();
  const actions = useMemo((): Actions => {
    const act = (work: (client: ConsoleClient) => Promise<unknown>): void => {
      setRefusal(undefined);
      void call(work)
        .catch((error: unknown) => setRefusal(messageOf(error)))
        .finally(store.refresh);
    };
    return {
      start: (repository, kind) => act((client) => client.repositories.start({ repository, kind })),
      cancel: ({ id }) => act((client) => client.repositories.cancel({ job: id })),
      remove: (repository) => act((client) => client.repositories.remove({ repository })),
      chooseFolder: (repository) =>
        act(async (client) => {
          const { directory } = await client.desktop.chooseFolder({ repository });
          if (directory !== undefined) ask({ kind: 'restore', name: repository, directory });
        }),
      restore: (repository, directory) =>
        act((client) => client.repositories.restore({ repository, directory })),
      ask,
      open: (name) => {
        location.hash = placeHash(viewName, name === undefined ? '' : subjectOf(name));
      },
    };
  }, [store, call]);
  return { actions, question, refusal, dismiss: () => setRefusal(undefined) };
}

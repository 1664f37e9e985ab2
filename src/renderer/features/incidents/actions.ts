/** What somebody can do in the view. What is refused is said in the view; nothing throws. */
import { useMemo, useState } from 'react';
import type { KeptBundle } from '#shared/contract/incidents.ts';
import { messageOf } from '#shared/errors.ts';
import type { RecordingSummary } from '#shared/recording/model.ts';
import type { Mark } from '#shared/recording/records.ts';
import type { ConsoleClient } from '../../rpc/connect.ts';
import type { Follower } from '../../rpc/follow.ts';
import { go, parsePlace } from '../../state/place.ts';

/** What is asked before all else. */
export type Question =
  | { readonly kind: 'remove'; readonly recording: RecordingSummary }
  | { readonly kind: 'edit'; readonly recording: RecordingSummary }
  | { readonly kind: 'edit-mark' | 'remove-mark'; readonly recording: string; readonly mark: Mark }
  | { readonly kind: 'remove-bundle'; readonly bundle: KeptBundle }
  /** Of what is kept all the time when no recording is named. */
  | { readonly kind: 'bundle'; readonly recording?: string };

export interface Actions {
  readonly ask: (question: Question | undefined) => void;
  readonly edit: (recording: string, name: string, note: string) => void;
  readonly editMark: (recording: string, mark: string, note: string) => void;
  readonly removeMark: (recording: string, mark: string) => void;
  readonly remove: (recording: string) => void;
  readonly removeBundle: (bundle: string) => void;
  /** Opens the details of a recording or a bundle, or closes them. */
  readonly open: (id: string | undefined) => void;
}

export interface ActionState {
  readonly actions: Actions;
  readonly question: Question | undefined;
  /** Why the last action was refused: a sentence. */
  readonly refusal: string | undefined;
  readonly dismiss: () => void;
}

/** `refresh` is called when something may be different. */
export function useActions(call: Follower['call'], refresh: () => void): ActionState {
  const [question, ask] = useState<Question>();
  const [refusal, setRefusal] = useState<string>();
  const actions = useMemo((): Actions => {
    const act = (work: (client: ConsoleClient) => Promise<unknown>): void => {
      setRefusal(undefined);
      void call(work)
        .catch((error: unknown) => setRefusal(messageOf(error)))
        .finally(refresh);
    };
    return {
      ask,
      edit: (id, name, note) => act((client) => client.recordings.edit({ id, name, note })),
      editMark: (id, mark, note) => act((client) => client.recordings.editMark({ id, mark, note })),
      removeMark: (id, mark) => act((client) => client.recordings.removeMark({ id, mark })),
      remove: (id) => {
        act((client) => client.recordings.remove({ id }));
        open(undefined);
      },
      removeBundle: (id) => {
        act((client) => client.incidents.remove({ id }));
        open(undefined);
      },
      open,
    };
  }, [call, refresh]);
  return { actions, question, refusal, dismiss: () => setRefusal(undefined) };
}

function open(id: string | undefined): void {
  const { view, subject, params } = parsePlace(location.hash);
  const { open: _before, ...others } = params;
  go({ view, subject, params: id === undefined ? others : { ...others, open: id } });
}

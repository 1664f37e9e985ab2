import { useEffect, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import type { Answer, Ask, QuestionName } from '../../state/profile-questions.ts';
import { theProfiles } from '../../state/profile-store.ts';

interface Answered<K extends QuestionName> {
  /** The newest answer, and what it was asked for: the one before stays until there is another. */
  readonly answer?: Answer<K>;
  readonly asked?: Ask<K>;
  /** Why the newest question has no answer: a sentence. */
  readonly failure?: string;
}

/** Asks about a profile, again whenever something else is asked for; nothing without `ask`. */
export function useAnswer<K extends QuestionName>(name: K, ask: Ask<K> | undefined): Answered<K> {
  const key = ask && JSON.stringify(ask);
  const [answered, setAnswered] = useState<Answered<K>>({});
  useEffect(() => {
    if (!ask) return undefined;
    let isWanted = true;
    const take = (next: Answered<K>): void => {
      if (isWanted) setAnswered(next);
    };
    theProfiles.ask(name, ask).then(
      (answer) => take({ answer, asked: ask }),
      (error: unknown) => take({ failure: messageOf(error) }),
    );
    return () => {
      isWanted = false;
    };
    // What is asked for is in the key.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [name, key]);
  return answered;
}

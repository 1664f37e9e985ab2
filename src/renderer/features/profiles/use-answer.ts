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
  const [asker] = useState(() => new Asker(name, setAnswered));
  useEffect(() => {
    if (ask) asker.want(ask);
    // What is asked for is in the key.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [asker, key]);
  return answered;
}

/** One question at a time: whoever types faster than a large profile answers skips what is in between. */
class Asker<K extends QuestionName> {
  readonly #name: K;
  readonly #take: (answered: Answered<K>) => void;
  #next: Ask<K> | undefined;
  #isAsking = false;

  constructor(name: K, take: (answered: Answered<K>) => void) {
    this.#name = name;
    this.#take = take;
  }

  want(ask: Ask<K>): void {
    this.#next = ask;
    if (!this.#isAsking) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isAsking = true;
    for (let ask = this.#next; ask !== undefined; ask = this.#next) {
      this.#next = undefined;
      this.#take(await this.#ask(ask));
    }
    this.#isAsking = false;
  }

  async #ask(ask: Ask<K>): Promise<Answered<K>> {
    try {
      return { answer: await theProfiles.ask(this.#name, ask), asked: ask };
    } catch (error) {
      return { failure: messageOf(error) };
    }
  }
}

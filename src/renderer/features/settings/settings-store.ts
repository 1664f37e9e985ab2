/** The settings as the server told them last. What was read stays when the connection is lost. */
import type { SettingsState } from '#shared/contract/settings.ts';
import { messageOf } from '#shared/errors.ts';
import { inTime, type Follower } from '../../rpc/follow.ts';
import { Signal } from '../../state/signal.ts';
import type { CheckedDrafts } from './drafts.ts';

export class SettingsStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  #state: SettingsState | undefined;
  #failure: string | undefined;
  #isSaving = false;

  constructor(call: Follower['call']) {
    this.#call = call;
  }

  /** `undefined` until the first answer. */
  get state(): SettingsState | undefined {
    return this.#state;
  }

  /** Why the last reading or saving failed: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get isSaving(): boolean {
    return this.#isSaving;
  }

  readonly read = (): void => {
    void this.#run(() => this.#call((client) => client.settings.get()));
  };

  /** Resolves with whether it was saved. */
  readonly save = async (changes: CheckedDrafts['changes']): Promise<boolean> => {
    this.#isSaving = true;
    this.changed.touch();
    const saved = await this.#run(() => this.#call((client) => client.settings.save({ changes })));
    this.#isSaving = false;
    this.changed.touch();
    return saved;
  };

  /** In the desktop window: the program ends and starts again. */
  readonly restart = (): void => {
    void this.#run(async () => {
      await this.#call((client) => client.settings.restart());
    });
  };

  async #run(work: () => Promise<SettingsState | void>): Promise<boolean> {
    try {
      this.#state = (await inTime(work())) ?? this.#state;
      this.#failure = undefined;
      return true;
    } catch (error) {
      this.#failure = messageOf(error);
      return false;
    } finally {
      this.changed.touch();
    }
  }
}

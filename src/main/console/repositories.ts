/** The repositories as consoles see and change them: what the service knows, and the restores of this machine. */
import { parseUpstream } from '#main/client/server.ts';
import type { Repository } from '#main/http/names.ts';
import type { RepositoryService } from '#main/snapshots/service.ts';
import type { RepositoryList, StartableKind } from '#shared/contract/repositories.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Job, Repositories } from '#shared/repository-model.ts';
import type { ConsoleContext } from './context.ts';
import { noSuchJob } from './refusals.ts';
import type { Restores } from './restores.ts';

export interface RepositorySources {
  /** Without it there are no repositories: a server of somebody else's snapshots. */
  readonly service?: RepositoryService | undefined;
  /** Without it nothing is restored from the console. */
  readonly restores?: Restores | undefined;
}

const nothing: Repositories = { rules: [], repositories: [], jobs: [] };

/** Consoles that ask within this time get the same answer. */
const freshMilliseconds = 500;

export class ConsoleRepositories {
  readonly #service: RepositoryService | undefined;
  readonly #restores: Restores | undefined;
  #reading: { readonly at: number; readonly repositories: Promise<Repositories> } | undefined;

  constructor({ service, restores }: RepositorySources) {
    this.#service = service;
    this.#restores = restores;
  }

  async list({ desktop }: ConsoleContext): Promise<RepositoryList> {
    const { rules, repositories, jobs } = await this.#read();
    const restores = this.#restores?.jobs ?? [];
    return {
      at: Date.now(),
      rules,
      repositories,
      jobs: [...jobs, ...restores].toSorted((a, b) => b.startedAt - a.startedAt),
      canRestore: desktop !== undefined && this.#restores !== undefined,
    };
  }

  /** @throws SluiceError INVALID_INPUT; NOT_FOUND when no rule allows it */
  start(name: string, kind: StartableKind): Job {
    const { service, repository } = this.#allowed(name);
    this.#changed();
    return service.start(repository, kind);
  }

  cancel(id: number): boolean {
    this.#changed();
    const owner = id < 0 ? this.#restores : this.#service;
    return owner?.cancel(id) ?? false;
  }

  /** @throws SluiceError NOT_FOUND */
  log(id: number): readonly string[] {
    if (id < 0) return this.#restores?.log(id) ?? noSuchJob(id);
    return this.#service?.job(id) ? this.#service.log(id) : noSuchJob(id);
  }

  /** @throws SluiceError INVALID_INPUT, NOT_FOUND */
  async remove(name: string, signal: AbortSignal): Promise<void> {
    const { service, repository } = this.#allowed(name);
    await service.remove(repository, signal);
    this.#changed();
  }

  /** @throws SluiceError INVALID_INPUT, NOT_FOUND; FORBIDDEN for a folder that nobody chose in the desktop's dialog */
  restore(name: string, directory: string, { desktop }: ConsoleContext): Job {
    const { repository } = this.#allowed(name);
    if (desktop?.hasChosen(directory) !== true) {
      throw new SluiceError(
        'FORBIDDEN',
        'a folder to restore to is chosen in the desktop window; elsewhere, run sluice restore',
      );
    }
    if (!this.#restores) throw new SluiceError('NOT_FOUND', 'this server restores nothing by itself');
    return this.#restores.start(repository, directory);
  }

  /** @throws SluiceError INVALID_INPUT, NOT_FOUND; FORBIDDEN outside of the desktop window */
  async chooseFolder(name: string, { desktop }: ConsoleContext): Promise<string | undefined> {
    const { repository } = this.#allowed(name);
    if (!desktop) throw new SluiceError('FORBIDDEN', 'folders are chosen in the desktop window');
    return desktop.chooseFolder(repository);
  }

  #read(): Promise<Repositories> {
    const now = performance.now();
    if (!this.#reading || now - this.#reading.at > freshMilliseconds) {
      const repositories = this.#service?.list() ?? Promise.resolve(nothing);
      this.#reading = { at: now, repositories };
      // What failed is asked for again.
      repositories.catch(() => this.#changed());
    }
    return this.#reading.repositories;
  }

  #changed(): void {
    this.#reading = undefined;
  }

  #allowed(name: string): { readonly service: RepositoryService; readonly repository: Repository } {
    const repository = parseUpstream(name, 'repository');
    const service = this.#service;
    if (service?.allows(repository)) return { service, repository };
    throw new SluiceError(
      'NOT_FOUND',
      `no rule allows ${repository.upstream}: rules are given with --repository`,
    );
  }
}

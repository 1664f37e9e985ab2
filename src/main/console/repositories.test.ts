import { createRouterClient, ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import type { Repository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Job } from '#shared/repository-model.ts';
import type { ConsoleContext, DesktopHost } from './context.ts';
import { Restores, type Restore, type RestoreWatch } from './restores.ts';
import { createConsoleRouter } from './router.ts';
import { ScriptedService } from './scripted-service.fixture.ts';
import { unaskedSources } from './sources.fixture.ts';

const project = 'https://git.example/team/project';
const rules = ['https://git.example/team/*=file:///srv/git/*', 'https://one.example/a'];

class ScriptedDesktop implements DesktopHost {
  folder: string | undefined = '/home/a/project';
  readonly asked: Repository[] = [];

  async chooseFolder(repository: Repository): Promise<string | undefined> {
    this.asked.push(repository);
    return this.folder;
  }

  hasChosen(directory: string): boolean {
    return this.asked.length > 0 && directory === this.folder;
  }

  saveExport(): Promise<undefined> {
    return expect.fail('saveExport');
  }

  restart(): void {
    throw new Error('nobody asked for a restart');
  }

  openWindow(): void {
    throw new Error('nobody asked for a window');
  }

  notify(): void {
    throw new Error('there is nothing to tell');
  }
}

function openConsole(context: Partial<ConsoleContext> = {}, restore?: Restore) {
  const service = new ScriptedService(rules);
  const restores = restore && new Restores(restore);
  const router = createConsoleRouter({ ...unaskedSources, service, restores });
  return { service, client: createRouterClient(router, { context: { role: 'operator', ...context } }) };
}

/** What the console is told: the code and the sentence. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ORPCError)) throw new Error('it was not refused');
  return `${error.code}: ${error.message}`;
}

async function ended(read: () => Promise<{ readonly jobs: readonly Job[] }>): Promise<Job> {
  for (let tries = 0; tries < 100; tries += 1) {
    const [job] = (await read()).jobs;
    if (job?.endedAt !== undefined) return job;
    await new Promise(setImmediate);
  }
  throw new Error('the job did not end');
}

describe('the repositories of the console', () => {
  it('are listed with the rules and the jobs, and with the time of the server', async () => {
    const { client, service } = openConsole();
    service.start({ host: 'git.example', path: 'team/project', upstream: project }, 'clone');
    const list = await client.repositories.list();
    expect(list.rules).toEqual(rules);
    expect(list.repositories).toMatchObject([{ name: project, fetchUrl: 'file:///srv/git/project' }]);
    expect(list.jobs).toMatchObject([{ kind: 'clone', state: 'running' }]);
    expect(Math.abs(list.at - Date.now())).toBeLessThan(60_000);
    expect(list.canRestore).toBe(false);
  });

  it('are read once for consoles that ask together, again after a change, and again after a failure', async () => {
    const { client, service } = openConsole();
    await Promise.all([client.repositories.list(), client.repositories.list(), client.repositories.list()]);
    expect(service.calls).toEqual(['list']);
    await client.repositories.start({ repository: project, kind: 'clone' });
    expect((await client.repositories.list()).jobs).toHaveLength(1);

    await client.repositories.cancel({ job: 1 });
    service.failure = new SluiceError('STORE_UNAVAILABLE', 'the store does not answer');
    expect(await refusalOf(client.repositories.list())).toBe('STORE_UNAVAILABLE: the store does not answer');
    expect((await client.repositories.list()).jobs).toMatchObject([{ state: 'cancelled' }]);
  });

  it('take what can be started, and cancel it', async () => {
    const { client, service } = openConsole();
    for (const kind of ['clone', 'fetch', 'snapshot', 'lfs-snapshot'] as const) {
      expect(await client.repositories.start({ repository: `${project}.git`, kind })).toMatchObject({ kind });
    }
    expect(service.calls).toEqual(
      ['clone', 'fetch', 'snapshot', 'lfs-snapshot'].map((kind) => `start ${kind} ${project}`),
    );
    expect(await client.repositories.cancel({ job: 2 })).toEqual({ ended: true });
    expect(await client.repositories.cancel({ job: 2 })).toEqual({ ended: false });
    expect(await client.repositories.cancel({ job: -7 })).toEqual({ ended: false });
  });

  it('refuse in sentences, and start nothing then', async () => {
    const { client, service } = openConsole();
    const start = (repository: string) => refusalOf(client.repositories.start({ repository, kind: 'fetch' }));
    expect(await start('https://git.example/other/project')).toBe(
      'NOT_FOUND: no rule allows https://git.example/other/project: rules are given with --repository',
    );
    for (const name of [
      '',
      'git.example/team/project',
      'https://git.example/team/../x',
      'file:///etc',
      '--upload-pack=x',
    ]) {
      expect(await start(name)).toMatch(/^INVALID_INPUT: repository ".*": allowed is https:\/\/HOST\/PATH/);
    }
    const remove = client.repositories.remove({ repository: 'https://git.example/other/x' });
    expect(await refusalOf(remove)).toMatch(/^NOT_FOUND/);
    expect(await refusalOf(client.repositories.log({ job: 5 }))).toMatch(/^NOT_FOUND: there is no job 5/);
    expect(service.calls).toEqual([]);
  });

  it('do not tell consoles what was not written for people', async () => {
    const { client, service } = openConsole();
    service.failure = new Error('ENOENT: /home/secret');
    const refusal = await refusalOf(client.repositories.list());
    expect(refusal).toBe('INTERNAL_SERVER_ERROR: something failed inside Sluice');
  });

  it('show the log of a job, and remove what is asked for', async () => {
    const { client, service } = openConsole();
    const { id } = await client.repositories.start({ repository: project, kind: 'fetch' });
    service.logs.set(id, ['remote: counting', 'fatal: no']);
    expect(await client.repositories.log({ job: id })).toEqual({ lines: ['remote: counting', 'fatal: no'] });
    await client.repositories.remove({ repository: project });
    expect(service.calls.at(-1)).toBe(`remove ${project}`);
  });

  it('are none on a server without them', async () => {
    const router = createConsoleRouter(unaskedSources);
    const client = createRouterClient(router, { context: { role: 'operator' } });
    expect(await client.repositories.list()).toMatchObject({ rules: [], repositories: [], jobs: [] });
    const start = client.repositories.start({ repository: project, kind: 'fetch' });
    expect(await refusalOf(start)).toMatch(/^NOT_FOUND/);
  });
});

describe('a viewer', () => {
  it('looks, and changes nothing', async () => {
    const { client, service } = openConsole({ role: 'viewer' });
    expect((await client.repositories.list()).rules).toEqual(rules);
    const before = service.calls.length;
    for (const call of [
      client.repositories.start({ repository: project, kind: 'fetch' }),
      client.repositories.cancel({ job: 1 }),
      client.repositories.remove({ repository: project }),
    ]) {
      expect(await refusalOf(call)).toMatch(/^FORBIDDEN: .*operator role/);
    }
    expect(service.calls).toHaveLength(before);
  });
});

describe('restoring to a folder', () => {
  it('is offered in the desktop window only, and only where the server can', async () => {
    const desktop = new ScriptedDesktop();
    const restore: Restore = async () => 'restored';
    const canRestore = async (...console: Parameters<typeof openConsole>) =>
      (await openConsole(...console).client.repositories.list()).canRestore;
    expect(await canRestore({ desktop }, restore)).toBe(true);
    expect(await canRestore({ desktop })).toBe(false);
    expect(await canRestore({}, restore)).toBe(false);
  });

  it('goes to the folder that was chosen, as a job with its progress, log and outcome', async () => {
    const desktop = new ScriptedDesktop();
    let finish: (outcome: string) => void = () => undefined;
    let watched: RestoreWatch | undefined;
    const { client } = openConsole({ desktop }, (repository, directory, watch) => {
      expect([repository.upstream, directory]).toEqual([project, '/home/a/project']);
      watched = watch;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    const { directory = '' } = await client.desktop.chooseFolder({ repository: project });
    const job = await client.repositories.restore({ repository: project, directory });
    expect(job).toMatchObject({ kind: 'restore', repository: project, state: 'running' });
    watched?.onReport({ phase: 'downloading', done: 1, total: 2, unit: 'bytes', bytesPerSecond: 3 });
    watched?.onLine('HEAD is now at 1234');
    expect((await client.repositories.list()).jobs).toMatchObject([
      { id: job.id, phase: 'downloading', done: 1, total: 2, bytesPerSecond: 3 },
    ]);
    expect(await client.repositories.log({ job: job.id })).toEqual({ lines: ['HEAD is now at 1234'] });
    finish('5,000 files in 2.0 s');
    expect(await ended(() => client.repositories.list())).toMatchObject({
      state: 'done',
      outcome: '5,000 files in 2.0 s',
    });
  });

  it('is refused for a folder that nobody chose, and in a browser', async () => {
    const restore: Restore = () => expect.fail('it was restored');
    const desktop = new ScriptedDesktop();
    const window = openConsole({ desktop }, restore).client;
    const anywhere = { repository: project, directory: '/etc' };
    expect(await refusalOf(window.repositories.restore(anywhere))).toMatch(
      /^FORBIDDEN: a folder to restore to/,
    );
    await window.desktop.chooseFolder({ repository: project });
    expect(await refusalOf(window.repositories.restore(anywhere))).toMatch(/^FORBIDDEN/);

    const browser = openConsole({}, restore).client;
    expect(await refusalOf(browser.repositories.restore(anywhere))).toMatch(/^FORBIDDEN/);
    expect(await refusalOf(browser.desktop.chooseFolder({ repository: project }))).toMatch(/^FORBIDDEN/);
  });

  it('gives no folder when somebody decides against it', async () => {
    const desktop = new ScriptedDesktop();
    desktop.folder = undefined;
    const { client } = openConsole({ desktop });
    expect(await client.desktop.chooseFolder({ repository: project })).toEqual({});
  });
});

describe('Restores', () => {
  const repository: Repository = { host: 'git.example', path: 'team/project', upstream: project };
  /** Ends when it is cancelled. */
  const waiting: Restore = (_repository, _directory, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new SluiceError('ABORTED', 'cancelled')));
    });

  it('say why a restore failed', async () => {
    const restores = new Restores(() =>
      Promise.reject(new SluiceError('INVALID_INPUT', '/home/a/project is not empty')),
    );
    restores.start(repository, '/home/a/project');
    expect(await ended(async () => restores)).toMatchObject({
      state: 'failed',
      outcome: '/home/a/project is not empty',
    });
  });

  it('are cancelled once', async () => {
    const restores = new Restores(waiting);
    const { id } = restores.start(repository, '/home/a/project');
    expect(restores.cancel(id)).toBe(true);
    expect(await ended(async () => restores)).toMatchObject({
      state: 'cancelled',
      outcome: 'cancelled; /home/a/project is as it was',
    });
    expect(restores.cancel(id)).toBe(false);
  });

  it('end with the server', async () => {
    const restores = new Restores(waiting);
    restores.start(repository, '/home/a/one');
    restores.start(repository, '/home/a/two');
    await restores[Symbol.asyncDispose]();
    expect(restores.jobs.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });

  it('keep the newest lines, and the newest jobs beside those under way', async () => {
    const restores = new Restores((_repository, directory, watch) => {
      if (directory === 'first') return waiting(_repository, directory, watch);
      for (let line = 0; line < 2100; line += 1) watch.onLine(String(line));
      return Promise.resolve('done');
    });
    const first = restores.start(repository, 'first');
    for (let count = 0; count < 60; count += 1) {
      restores.start(repository, 'other');
      await ended(async () => restores);
    }
    expect(restores.jobs.length).toBeLessThanOrEqual(51);
    expect(restores.jobs.at(-1)?.id).toBe(first.id);
    const lines = restores.log(restores.jobs[0]?.id ?? 0) ?? [];
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([2000, '100', '2099']);
    expect(restores.log(first.id - 1)).toBeUndefined();
    await restores[Symbol.asyncDispose]();
  });
});

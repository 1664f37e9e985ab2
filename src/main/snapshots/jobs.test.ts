import { describe, expect, it } from 'vitest';
import { parseRepository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';
import { Jobs } from './jobs.ts';
import type { JobWork } from './running-job.ts';

const a = parseRepository('git.example/a');
const b = parseRepository('git.example/b');
const log = { info: () => undefined, warn: () => undefined };
const newJobs = () =>
  new Jobs({
    log,
    explain: () => (error, lines) =>
      new SluiceError('PROCESS_FAILED', `${String(error)} after ${lines.length} lines`),
  });

/** Work that ends when the test says so. */
function held(): { readonly work: JobWork; readonly finish: (outcome: string) => void } {
  let finish: (outcome: string) => void = () => undefined;
  const outcome = new Promise<string>((resolve) => (finish = resolve));
  return {
    work: async (job) => {
      using _turn = await job.turn();
      const aborted = new Promise<never>((_, reject) =>
        job.signal.addEventListener('abort', () => reject(job.signal.reason as Error)),
      );
      return await Promise.race([outcome, aborted]);
    },
    finish,
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('jobs', () => {
  it('of one kind and repository are one', async () => {
    await using jobs = newJobs();
    const { work } = held();
    const first = jobs.start({ kind: 'fetch', repository: a }, work);
    expect(jobs.start({ kind: 'fetch', repository: a }, work)).toBe(first);
    expect(jobs.start({ kind: 'fetch', repository: b }, work)).not.toBe(first);
    expect(jobs.start({ kind: 'clone', repository: a }, work)).not.toBe(first);
    expect(jobs.start({ kind: 'bundle', repository: a, detail: 'x' }, work)).not.toBe(
      jobs.start({ kind: 'bundle', repository: a, detail: 'y' }, work),
    );
    first.cancel();
    await expect(first.finished).rejects.toMatchObject({ code: 'ABORTED' });
    expect(jobs.start({ kind: 'fetch', repository: a }, work)).not.toBe(first);
  });

  it('that are heavy wait for their turn, two at a time, in the order of asking', async () => {
    await using jobs = newJobs();
    const works = [held(), held(), held(), held()];
    const started = works.map(({ work }, index) =>
      jobs.start({ kind: 'snapshot', repository: parseRepository(`git.example/${index}`) }, work),
    );
    const states = () => started.map(({ view }) => view.state);
    await turn();
    expect(states()).toEqual(['running', 'running', 'queued', 'queued']);
    works[0]?.finish('made');
    await started[0]?.finished;
    await turn();
    expect(states()).toEqual(['done', 'running', 'running', 'queued']);
    started[3]?.cancel();
    await expect(started[3]?.finished).rejects.toMatchObject({ code: 'ABORTED' });
    expect(states()).toEqual(['done', 'running', 'running', 'cancelled']);
    expect(started[0]?.view).toMatchObject({ outcome: 'made' });
  });

  it('keep their log, of which the newest lines, and say why they failed', async () => {
    await using jobs = newJobs();
    const talkative = jobs.start({ kind: 'clone', repository: a }, async (running) => {
      for (let index = 0; index < 2000; index += 1) running.line(`line ${index} ${'x'.repeat(5000)}`);
      throw new Error('it broke');
    });
    await expect(talkative.finished).rejects.toThrow('Error: it broke after 500 lines');
    expect(talkative.view).toMatchObject({ state: 'failed', outcome: 'Error: it broke after 500 lines' });
    expect(talkative.lines).toHaveLength(500);
    expect(talkative.lines.at(-2)).toMatch(/^line 1999 x+$/);
    expect(Math.max(...talkative.lines.map((line) => line.length))).toBe(1000);
  });

  it('show the progress of the one that they wait for as their own', async () => {
    await using jobs = newJobs();
    const { work, finish } = held();
    const cloning = jobs.start({ kind: 'clone', repository: a }, work);
    const waiting = jobs.start({ kind: 'snapshot', repository: a }, async (job) => {
      await job.follow(cloning);
      return 'after the clone';
    });
    await turn();
    cloning.watch.onProgress?.({ phase: 'receiving objects', done: 3, total: 10, bytes: 1000 });
    cloning.watch.onLine?.('remote: hello');
    expect(waiting.view).toMatchObject({ phase: 'receiving objects', done: 3, total: 10, unit: 'objects' });
    expect(waiting.lines).toEqual(['remote: hello']);
    finish('cloned');
    await waiting.finished;
    expect(waiting.view.outcome).toBe('after the clone');
  });

  it('that have ended are kept up to a number', async () => {
    await using jobs = newJobs();
    const first = jobs.start({ kind: 'fetch', repository: a }, async () => 'done');
    await first.finished;
    for (let index = 0; index < 250; index += 1)
      await jobs.start({ kind: 'fetch', repository: a }, async () => 'done').finished;
    await turn();
    expect(jobs.all()).toHaveLength(200);
    expect(jobs.find(first.id)).toBeUndefined();
    expect(jobs.all()[0]?.id).toBe(251);
  });

  it('all end when their owner ends, and those that come later at once', async () => {
    const jobs = newJobs();
    const job = jobs.start({ kind: 'clone', repository: a }, held().work);
    await jobs[Symbol.asyncDispose]();
    expect(job.view.state).toBe('cancelled');
    const late = jobs.start({ kind: 'clone', repository: b }, held().work);
    await expect(late.finished).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

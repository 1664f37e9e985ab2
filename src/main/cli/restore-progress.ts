/** What `restore` tells while it works: one line on a terminal, or a JSON object a line for programs. */
import type { Writable } from 'node:stream';
import type { RestoreEvent, RestorePhase, Restored } from '#main/client/restore.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { RateMeter, showProgress, summarize, type Progress } from './progress.ts';

export interface RestoreTold extends Restored {
  readonly repository: string;
  readonly directory: string;
  readonly milliseconds: number;
}

/** Disposing ends what is drawn. */
interface Narrator extends Disposable {
  onEvent(event: RestoreEvent): void;
  done(told: RestoreTold): void;
  failed(failure: { readonly code: string; readonly message: string }): void;
}

const titles: Readonly<Record<RestorePhase, string>> = {
  asking: 'asking for refs',
  downloading: 'downloading and extracting',
  checking: 'checking',
  bundle: 'adding the newest commits',
  refs: 'fetching missing refs',
  placing: 'putting it in place',
};

export interface Outlets {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** For people. */
export class TextNarrator implements Narrator {
  readonly #outlets: Outlets;
  #title = '';
  #progress: Progress | undefined;

  constructor(outlets: Outlets = process) {
    this.#outlets = outlets;
  }

  onEvent(event: RestoreEvent): void {
    if (event.event === 'progress') return this.#progress?.update(event.doneBytes, event.totalBytes);
    this.#progress?.[Symbol.dispose]();
    if (event.event === 'phase') this.#title = titles[event.phase];
    else this.#outlets.stderr.write(`sluice: warning: ${event.message}\n`);
    this.#progress = showProgress(this.#title, this.#outlets.stderr);
  }

  done(told: RestoreTold): void {
    this[Symbol.dispose]();
    const { repository, directory, commit, branch, snapshotCommit, snapshotBytes, bundleBytes } = told;
    const where = branch === undefined ? 'detached' : `branch ${branch}`;
    const lines = [
      `restored ${repository} to ${directory}: ${summarize(snapshotBytes, told.milliseconds)}`,
      `commit ${commit} (${where})`,
    ];
    if (commit !== snapshotCommit)
      lines.push(`${formatBytes(bundleBytes)} on top of the snapshot's commit ${snapshotCommit}`);
    this.#outlets.stdout.write(`${lines.join('\n')}\n`);
  }

  /** The command line says it. */
  failed(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
    this.#progress = undefined;
  }
}

const lineEveryMilliseconds = 1000;

/** For programs: a line for each phase, one a second while bytes come, each warning, and one for how it ended. */
export class JsonNarrator implements Narrator {
  readonly #output: Writable;
  readonly #now: () => number;
  #meter = new RateMeter();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(output: Writable = process.stdout, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  onEvent(event: RestoreEvent): void {
    if (event.event !== 'progress') {
      this.#meter = new RateMeter();
      this.#toldAt = Number.NEGATIVE_INFINITY;
      return this.#tell(event);
    }
    const time = this.#now();
    if (time - this.#toldAt < lineEveryMilliseconds) return;
    this.#toldAt = time;
    this.#meter.sample(time, event.doneBytes);
    const { bytesPerSecond } = this.#meter;
    const leftBytes = (event.totalBytes ?? Number.NaN) - event.doneBytes;
    const secondsLeft = bytesPerSecond > 0 && leftBytes >= 0 ? leftBytes / bytesPerSecond : undefined;
    this.#tell({ ...event, bytesPerSecond: Math.round(bytesPerSecond), secondsLeft });
  }

  done(told: RestoreTold): void {
    this.#tell({ event: 'restored', ...told, took: formatDuration(told.milliseconds) });
  }

  failed(failure: { readonly code: string; readonly message: string }): void {
    this.#tell({ event: 'failed', ...failure });
  }

  [Symbol.dispose](): void {}

  #tell(line: object): void {
    this.#output.write(`${JSON.stringify(line)}\n`);
  }
}

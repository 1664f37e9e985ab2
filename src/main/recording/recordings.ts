/** Recordings of a server: what is kept all the time, what is saved, and what the server before this one has left. */
import { join } from 'node:path';
import { makeFolder } from '#main/object-store/file-durable.ts';
import type { Config } from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';
import type { RecordingList } from '#shared/recording/model.ts';
import { Recorder, type RecorderOptions } from './recorder.ts';
import { recoverLeftovers } from './recover.ts';
import { SavedRecordings } from './saved.ts';

export interface RecordingsOptions extends Omit<
  RecorderOptions,
  'directory' | 'limitMs' | 'limitBytes' | 'saved'
> {
  readonly config: Pick<Config, 'dataDir' | 'recordMinutes' | 'recordBytes' | 'savedRecordingsBytes'>;
}

export class Recordings implements AsyncDisposable {
  readonly recorder: Recorder;
  readonly saved: SavedRecordings;

  private constructor(recorder: Recorder, saved: SavedRecordings) {
    this.recorder = recorder;
    this.saved = saved;
  }

  /** Keeps what was left, and begins to record. @throws the system's error when the folder cannot be used */
  static async open({ config, ...options }: RecordingsOptions): Promise<Recordings> {
    const directory = join(config.dataDir, 'recordings');
    const rolling = join(directory, 'rolling');
    await makeFolder(rolling);
    const saved = await SavedRecordings.open(join(directory, 'saved'), config.savedRecordingsBytes);
    await recoverLeftovers(rolling, saved).catch((error: unknown) =>
      options.onTrouble('what was recorded before the start cannot be kept', { err: error }),
    );
    const recorder = new Recorder({
      ...options,
      directory: rolling,
      limitMs: config.recordMinutes * 60_000,
      limitBytes: config.recordBytes,
      saved,
    });
    await recorder.start();
    return new Recordings(recorder, saved);
  }

  async list(): Promise<RecordingList> {
    return { at: Date.now(), ...(await this.saved.list()), state: this.recorder.state };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.recorder[Symbol.asyncDispose]();
  }
}

/** @throws SluiceError NOT_FOUND where nothing is recorded */
export function presentRecordings(recordings: Recordings | undefined): Recordings {
  if (recordings) return recordings;
  throw new SluiceError('NOT_FOUND', 'this server has no recordings');
}

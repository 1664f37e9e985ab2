/** What the process that has a real Sluice in it is told. */
export interface ServerTask {
  /** `http://127.0.0.1:PORT` of the store. */
  readonly origin: string;
  readonly budgetBytes: number;
  readonly chunkBytes: number;
  /** Chunks of one transfer, as for the fetcher with a window. */
  readonly window: number;
  /** A folder that the experiment removes. */
  readonly dataDir: string;
}

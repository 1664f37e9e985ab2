/**
 * The embedded store: for trying Sluice out without an account. It is the S3 store, pointed at a server in a child
 * process that keeps everything in memory and forgets it when Sluice ends.
 */
import { GiB } from '#shared/units.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import type { ConnectionMemory, ObjectStore, StoreLog } from './object-store.ts';
import { createS3Store } from './s3.ts';
import { withTotalLimit } from './total-limit.ts';

/** The most that the embedded store holds: its process takes up to twice as much memory. */
export const embeddedLimitBytes = GiB;

const remedy = 'for more, start with --store file:///DIR or --store s3://BUCKET';

export interface EmbeddedStoreOptions {
  readonly log?: StoreLog | undefined;
  /** Milliseconds since the epoch; decides about expiry. */
  readonly now?: (() => number) | undefined;
  readonly limitBytes?: number | undefined;
  readonly connectionMemory?: ConnectionMemory | undefined;
}

/** Starts the child and opens the store in it; disposing of the store ends it. @throws SluiceError PROCESS_FAILED */
export async function openEmbeddedStore(options: EmbeddedStoreOptions = {}): Promise<ObjectStore> {
  const { log, now, limitBytes = embeddedLimitBytes, connectionMemory } = options;
  const server = await startEmbeddedServer();
  server.onDeath(() => log?.warn({}, 'the embedded store has ended, and its objects with it'));
  const store = createS3Store({
    bucket: server.bucket,
    endpoint: server.endpoint,
    region: 'us-east-1',
    pathStyle: true,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: 'unused' },
    log,
    now,
    connectionMemory,
  });
  return {
    ...withTotalLimit(store, limitBytes, remedy),
    description: 'embedded',
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

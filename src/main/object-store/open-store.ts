/** The store that the configuration names. */
import { fileURLToPath } from 'node:url';
import { isHttpOrigin, settings } from '#shared/config.ts';
import type { Config } from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';
import { openEmbeddedStore } from './embedded.ts';
import { openFileStore } from './file.ts';
import type { DescribingFields } from './http-origin-head.ts';
import { createHttpOrigin } from './http-origin.ts';
import type { ConnectionMemory, ObjectStore, StoreLog } from './object-store.ts';
import { createS3Store } from './s3.ts';

export interface OpenOptions {
  readonly log?: StoreLog | undefined;
  /** Which fields of an HTTP origin's answers are served with an object. */
  readonly describing: DescribingFields;
  /** Where the buffers of connections come from; absent: ordinary memory. */
  readonly connectionMemory?: ConnectionMemory | undefined;
}

type StoreConfig = Pick<Config, 'store' | 's3Endpoint' | 's3Region' | 's3PathStyle'>;

/**
 * Opens `config.store`; dispose of it at the end. Whether a bucket is there is for `check` to say.
 * @throws SluiceError INVALID_INPUT, STORE_REFUSED, STORE_UNAVAILABLE, PROCESS_FAILED
 */
export async function openStore(
  config: StoreConfig,
  { log, describing, connectionMemory }: OpenOptions,
): Promise<ObjectStore> {
  if (config.store === 'embedded') return openEmbeddedStore({ log, connectionMemory });
  if (config.store.startsWith('file:///')) return openFileStore({ root: folderOf(config.store), log });
  if (isHttpOrigin(config.store))
    return createHttpOrigin({ base: config.store, describing, connectionMemory });
  const { bucket, prefix } = /^s3:\/\/(?<bucket>[^/]+)(?:\/(?<prefix>.*))?$/.exec(config.store)?.groups ?? {};
  if (bucket === undefined) throw refusal(config.store);
  return createS3Store({
    bucket,
    prefix,
    endpoint: config.s3Endpoint,
    region: config.s3Region,
    pathStyle: config.s3PathStyle,
    log,
    connectionMemory,
  });
}

function folderOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw refusal(url, error);
  }
}

function refusal(store: string, cause?: unknown): SluiceError {
  const message = `--store ${store}: allowed is ${settings.store.allowed}`;
  return new SluiceError('INVALID_INPUT', message, { cause });
}

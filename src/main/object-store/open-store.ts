/** The store that the configuration names. */
import { fileURLToPath } from 'node:url';
import type { Config } from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';
import { openEmbeddedStore } from './embedded.ts';
import { openFileStore } from './file.ts';
import type { ObjectStore, StoreLog } from './object-store.ts';
import { createS3Store } from './s3.ts';

type StoreConfig = Pick<Config, 'store' | 's3Endpoint' | 's3Region' | 's3PathStyle'>;

/**
 * Opens `config.store`; dispose of it at the end. Whether a bucket is there is for `check` to say.
 * @throws SluiceError INVALID_INPUT, STORE_REFUSED, STORE_UNAVAILABLE, PROCESS_FAILED
 */
export async function openStore(config: StoreConfig, log?: StoreLog): Promise<ObjectStore> {
  if (config.store === 'embedded') return openEmbeddedStore({ log });
  if (config.store.startsWith('file:///')) return openFileStore({ root: folderOf(config.store), log });
  const { bucket, prefix } = /^s3:\/\/(?<bucket>[^/]+)(?:\/(?<prefix>.*))?$/.exec(config.store)?.groups ?? {};
  if (bucket === undefined) throw refusal(config.store);
  return createS3Store({
    bucket,
    prefix,
    endpoint: config.s3Endpoint,
    region: config.s3Region,
    pathStyle: config.s3PathStyle,
    log,
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
  return new SluiceError(
    'INVALID_INPUT',
    `--store ${store}: allowed is embedded, file:///DIR or s3://BUCKET[/PREFIX]`,
    {
      cause,
    },
  );
}

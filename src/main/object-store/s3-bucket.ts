/**
 * One bucket through the SDK: the client's settings, and the way every request takes (timers, retries, errors).
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { abortedError, ignore, orAborted, throwIfAborted } from './cancel.ts';
import type { ConnectionMemory, StoreLog } from './object-store.ts';
import { retry } from './retry.ts';
import type { Backoff } from './retry.ts';
import { isOutdated, toStoreError } from './s3-errors.ts';
import { useOnread } from './transport/onread-handler.ts';
import { watched } from './watchdog.ts';
import type { Watched } from './watchdog.ts';

export interface S3Patience {
  /** Until an answer begins, when little is sent. */
  readonly firstByteMilliseconds: number;
  /** Between two pieces of an answer. */
  readonly idleMilliseconds: number;
  /** Until an answer begins, when a part is sent or S3 assembles an object. */
  readonly uploadMilliseconds: number;
}

const defaultPatience: S3Patience = {
  firstByteMilliseconds: 10_000,
  idleMilliseconds: 5000,
  uploadMilliseconds: 120_000,
};

export interface S3Options {
  readonly bucket: string;
  /** In front of every name; slashes at its ends do not matter. */
  readonly prefix?: string | undefined;
  readonly endpoint?: string | undefined;
  /** Absent: the SDK's own chain, then us-east-1. */
  readonly region?: string | undefined;
  /** The bucket in the path instead of the host name. */
  readonly pathStyle: boolean;
  /** Absent: the SDK's own chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly patience?: S3Patience | undefined;
  readonly backoff?: Backoff | undefined;
  readonly log?: StoreLog | undefined;
  readonly transport?: S3Transport | undefined;
  readonly connectionMemory?: ConnectionMemory | undefined;
}

/**
 * How ranges come: `onread` straight into their buffers (transport/), `sdk` through the SDK's own handler, for
 * comparison. Both keep every promise.
 */
export type S3Transport = 'sdk' | 'onread';

/** One request on its way: under the owner's signal and its timers. */
export type Send<T> = (client: S3Client, watch: Watched) => Promise<T>;

export class S3Bucket implements Disposable {
  readonly name: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** `s3://bucket/prefix` */
  readonly description: string;
  readonly #client: S3Client;
  readonly #patience: S3Patience;
  readonly #backoff: Backoff | undefined;
  readonly #log: StoreLog | undefined;

  constructor(options: S3Options) {
    const prefix = (options.prefix ?? '').replace(/^\/+|\/+$/g, '');
    this.name = options.bucket;
    this.prefix = prefix === '' ? '' : `${prefix}/`;
    this.description = `s3://${options.bucket}${prefix === '' ? '' : `/${prefix}`}`;
    this.#client = new S3Client(clientConfig(options));
    if (options.transport !== 'sdk') useOnread(this.#client, { memory: options.connectionMemory });
    this.#patience = options.patience ?? defaultPatience;
    this.#backoff = options.backoff;
    this.#log = options.log;
  }

  /** A request that sends little; tried again while that can help. @throws SluiceError */
  request<T>(doing: string, send: Send<T>, signal: AbortSignal): Promise<T> {
    return this.#request(doing, send, this.#patience, signal);
  }

  /**
   * One attempt, with no timer. Where S3 finds the credentials or the clock out of date, they are brought up to date
   * and it is asked once more. An abort is noticed at once, whatever the SDK is doing.
   * @throws SluiceError
   */
  async once<T>(doing: string, send: Send<T>, signal: AbortSignal): Promise<T> {
    const attempt = () => orAborted(send(this.#client, { signal, alive: ignore }), signal);
    const refreshed = () => orAborted(this.#client.config.credentials({ forceRefresh: true }), signal);
    try {
      throwIfAborted(signal);
      return await attempt().catch(async (error: unknown) => {
        if (!isOutdated(error)) throw error;
        await refreshed();
        return attempt();
      });
    } catch (error) {
      throw signal.aborted ? abortedError(signal) : toStoreError(error, doing);
    }
  }

  /** A request that sends a part, or makes S3 assemble one. @throws SluiceError */
  upload<T>(doing: string, send: Send<T>, signal: AbortSignal): Promise<T> {
    const { uploadMilliseconds: firstByteMilliseconds, idleMilliseconds } = this.#patience;
    return this.#request(doing, send, { firstByteMilliseconds, idleMilliseconds }, signal);
  }

  /** Work that nobody waits for the result of, and that must happen even when its cause was an abort. */
  async tidy(doing: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    try {
      await work(new AbortController().signal);
    } catch (error) {
      this.#log?.warn({ err: error, store: this.description }, `${doing} failed`);
    }
  }

  #request<T>(
    doing: string,
    send: Send<T>,
    patience: Pick<S3Patience, 'firstByteMilliseconds' | 'idleMilliseconds'>,
    signal: AbortSignal,
  ): Promise<T> {
    const attempt = () =>
      watched(patience, (watch) => send(this.#client, watch), signal).catch((error: unknown) => {
        throw toStoreError(error, doing);
      });
    return retry(attempt, { backoff: this.#backoff }, signal);
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

function clientConfig(options: S3Options): S3ClientConfig {
  const { endpoint, credentials } = options;
  return {
    region: options.region ?? chainRegion(),
    forcePathStyle: options.pathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1, // Retries are ours (retry.ts).
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // No limit on sockets: permits bound the requests in flight, and a queue here would look like a stall.
    requestHandler: {
      httpAgent: new HttpAgent({ keepAlive: true }),
      httpsAgent: new HttpsAgent({ keepAlive: true }),
    },
  };
}

/** The region that the SDK's own chain finds (environment, profile), looked up once; S3's first where it finds none. */
function chainRegion(): () => Promise<string> {
  let region: Promise<string> | undefined;
  return () => (region ??= new S3Client().config.region().catch(() => 'us-east-1'));
}

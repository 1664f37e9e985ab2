/**
 * The record of a lease in a bucket: an object `{digest}.lease` beside the folders, where nobody who lists objects or
 * namespaces looks. Written with If-None-Match and If-Match; a server that ignores those gives the lease to everybody.
 */
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { parseKey } from './keys.ts';
import { unquote } from './layout.ts';
import type { LeaseRegister, ReadLease } from './lease.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingObject, isWriteLost } from './s3-errors.ts';

export class S3LeaseRegister implements LeaseRegister {
  readonly #bucket: S3Bucket;
  readonly #place: { readonly Bucket: string; readonly Key: string };

  constructor(bucket: S3Bucket, key: string) {
    this.#bucket = bucket;
    this.#place = { Bucket: bucket.name, Key: `${bucket.prefix}${parseKey(key).digest}.lease` };
  }

  read(signal: AbortSignal): Promise<ReadLease | undefined> {
    return this.#bucket.request(
      `reading ${this.#place.Key}`,
      async (client, watch) => {
        const command = new GetObjectCommand(this.#place);
        const answer = await client.send(command, { abortSignal: watch.signal }).catch((error: unknown) => {
          if (!isMissingObject(error)) throw error;
        });
        if (!answer) return undefined;
        return { text: (await answer.Body?.transformToString()) ?? '', pin: unquote(answer.ETag ?? '') };
      },
      signal,
    );
  }

  write(text: string, over: string | undefined, signal: AbortSignal): Promise<string | undefined> {
    const command = new PutObjectCommand({
      ...this.#place,
      ContentType: 'application/json',
      Body: text,
      // Without quotes: S3 takes either, Ceph compares what it gets.
      ...(over === undefined ? { IfNoneMatch: '*' } : { IfMatch: over }),
    });
    return this.#bucket.request(
      `writing ${this.#place.Key}`,
      async (client, watch) => {
        const answer = await client.send(command, { abortSignal: watch.signal }).catch((error: unknown) => {
          if (!isWriteLost(error)) throw error;
        });
        return answer ? unquote(answer.ETag ?? '') : undefined;
      },
      signal,
    );
  }

  async remove(signal: AbortSignal): Promise<void> {
    await this.#bucket.request(
      `deleting ${this.#place.Key}`,
      (client, watch) => client.send(new DeleteObjectCommand(this.#place), { abortSignal: watch.signal }),
      signal,
    );
  }
}

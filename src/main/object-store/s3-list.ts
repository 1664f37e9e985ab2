/** What a bucket holds, by listing with a delimiter. */
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { S3Bucket } from './s3-bucket.ts';

const shard = /^[0-9a-f]{2}$/;

/** Lists one name: succeeds when the bucket is there and these credentials may use it. @throws SluiceError */
export async function checkBucket(bucket: S3Bucket, signal: AbortSignal): Promise<void> {
  const command = new ListObjectsV2Command({ Bucket: bucket.name, Prefix: bucket.prefix, MaxKeys: 1 });
  await bucket.request(
    bucket.description,
    (client, watch) => client.send(command, { abortSignal: watch.signal }),
    signal,
  );
}

/**
 * Namespaces, sorted. The objects without a namespace lie beside them in folders of two hex digits; a namespace may
 * be named so, too, and is told from such a folder by the folders of its own.
 * @throws SluiceError
 */
export async function listNamespaces(bucket: S3Bucket, signal: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const folder of folders(bucket, bucket.prefix, signal)) {
    if (!shard.test(folder) || (await holdsFolder(bucket, `${bucket.prefix}${folder}/`, signal)))
      found.push(folder);
  }
  return found.toSorted();
}

async function holdsFolder(bucket: S3Bucket, prefix: string, signal: AbortSignal): Promise<boolean> {
  for await (const folder of folders(bucket, prefix, signal)) if (shard.test(folder)) return true;
  return false;
}

async function* folders(bucket: S3Bucket, prefix: string, signal: AbortSignal): AsyncGenerator<string, void> {
  let ContinuationToken: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket.name,
      Prefix: prefix,
      Delimiter: '/',
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    });
    const answer = await bucket.request(
      `listing ${bucket.description}`,
      (client, watch) => client.send(command, { abortSignal: watch.signal }),
      signal,
    );
    for (const { Prefix = '' } of answer.CommonPrefixes ?? []) yield Prefix.slice(prefix.length, -1);
    ContinuationToken = answer.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

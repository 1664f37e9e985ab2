/**
 * Brings the bytes of a new object to S3 without making them visible: what a caller gets is a staged upload, which
 * one more request commits. A body that fits into one part is committed with a single PUT, any other as a multipart
 * upload, part after part from one buffer.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { unquote } from './layout.ts';
import { partsOf } from './parts.ts';
import type { S3Bucket, Send } from './s3-bucket.ts';
import { isMissingObject } from './s3-errors.ts';

/** S3's own limit. */
const maxParts = 10_000;

/** Bucket, name and what is stored beside the bytes. */
export interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType?: string;
  readonly Metadata: Record<string, string>;
  readonly Expires?: Date;
}

export interface StagedUpload {
  readonly length: number;
  /** Makes the object visible; resolves with its pin, if the server tells. Until then the part buffer is in use. */
  commit(signal: AbortSignal): Promise<string | undefined>;
  /** Removes the parts of an upload that was not committed; harmless on one that was. Never throws. */
  discard(): Promise<void>;
}

/** Uploads all that can be uploaded unseen. A failure discards it. @throws SluiceError; whatever `body` throws */
export async function stageUpload(
  bucket: S3Bucket,
  target: UploadTarget,
  body: AsyncIterable<Uint8Array>,
  part: Uint8Array,
  signal: AbortSignal,
): Promise<StagedUpload> {
  let upload: MultipartUpload | undefined;
  try {
    for await (const { bytes, last } of partsOf(body, part, signal)) {
      if (last && !upload) return singlePut(bucket, target, bytes);
      upload ??= await MultipartUpload.start(bucket, target, signal);
      await upload.add(bytes, signal);
    }
  } catch (error) {
    await upload?.discard();
    throw error;
  }
  if (!upload) throw new SluiceError('INVARIANT', 'a body had no last part');
  return upload;
}

function singlePut(bucket: S3Bucket, target: UploadTarget, bytes: Uint8Array): StagedUpload {
  return {
    length: bytes.length,
    commit: async (signal) => {
      const command = new PutObjectCommand({ ...target, Body: bytes });
      const answer = await bucket.upload(
        `writing ${target.Key}`,
        (client, watch) => client.send(command, { abortSignal: watch.signal }),
        signal,
      );
      return pinOf(answer);
    },
    discard: async () => undefined,
  };
}

class MultipartUpload implements StagedUpload {
  readonly #bucket: S3Bucket;
  readonly #upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string };
  readonly #parts: { readonly PartNumber: number; readonly ETag: string | undefined }[] = [];
  #length = 0;

  private constructor(bucket: S3Bucket, target: UploadTarget, uploadId: string) {
    this.#bucket = bucket;
    this.#upload = { Bucket: target.Bucket, Key: target.Key, UploadId: uploadId };
  }

  static async start(bucket: S3Bucket, target: UploadTarget, signal: AbortSignal): Promise<MultipartUpload> {
    const command = new CreateMultipartUploadCommand(target);
    const answer = await bucket.request(
      `starting the upload of ${target.Key}`,
      (client, watch) => client.send(command, { abortSignal: watch.signal }),
      signal,
    );
    if (answer.UploadId === undefined)
      throw new SluiceError('STORE_MISBEHAVED', 'the store gave no upload id');
    return new MultipartUpload(bucket, target, answer.UploadId);
  }

  get length(): number {
    return this.#length;
  }

  async add(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const PartNumber = this.#parts.length + 1;
    if (PartNumber > maxParts) {
      const limit = formatBytes(this.#length);
      throw new SluiceError('TOO_LARGE', `the object is larger than ${limit}, ${maxParts} parts of S3`);
    }
    const command = new UploadPartCommand({ ...this.#upload, PartNumber, Body: bytes });
    const answer = await this.#bucket.upload(
      `writing part ${PartNumber} of ${this.#upload.Key}`,
      (client, watch) => client.send(command, { abortSignal: watch.signal }),
      signal,
    );
    this.#parts.push({ PartNumber, ETag: answer.ETag });
    this.#length += bytes.length;
  }

  async commit(signal: AbortSignal): Promise<string | undefined> {
    const command = new CompleteMultipartUploadCommand({
      ...this.#upload,
      MultipartUpload: { Parts: this.#parts },
    });
    const answer = await this.#bucket.upload(
      `completing ${this.#upload.Key}`,
      (client, watch) => client.send(command, { abortSignal: watch.signal }),
      signal,
    );
    return pinOf(answer);
  }

  discard(): Promise<void> {
    const command = new AbortMultipartUploadCommand(this.#upload);
    const doing = `discarding the upload of ${this.#upload.Key}`;
    const send: Send<unknown> = (client, watch) =>
      client.send(command, { abortSignal: watch.signal }).catch((error: unknown) => {
        if (!isMissingObject(error)) throw error; // Gone already: committed, or discarded.
      });
    return this.#bucket.tidy(doing, (signal) => this.#bucket.request(doing, send, signal));
  }
}

/** Some servers (Ceph before 17) leave the ETag of a multipart upload empty. */
function pinOf({ ETag }: { readonly ETag?: string | undefined }): string | undefined {
  return ETag ? unquote(ETag) : undefined;
}

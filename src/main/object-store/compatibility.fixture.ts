/**
 * A bucket as another program of the dialect sees it: what it writes, and how it reads. Made from the description of
 * the layout (docs/architecture.md) and of nothing in layout.ts, so that both have to agree with it.
 *
 *   {hh}/{sha256 of the name}         the data: user metadata Headers (JSON, Go's names) and Tag; HTTP Expires
 *   {hh}/{sha256 of the name}.meta    the companion: {"headers":{"Etag":[…]},"expires_at":…,"tag":…}
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';

/** Where the bucket is; credentials come from the environment. */
export interface BucketPlace {
  readonly endpoint: string;
  readonly bucket: string;
}

type GoHeaders = Readonly<Record<string, readonly string[]>>;

/** An object as the other program commits it; what is left out is usual. */
export interface Fixture {
  readonly namespace?: string;
  readonly body: Uint8Array | string;
  /** Of the data. */
  readonly headers?: GoHeaders;
  readonly tag?: string;
  readonly expires?: Date;
  /** `missing`: it died before it wrote one. */
  readonly companion?:
    { readonly headers?: GoHeaders; readonly tag?: string; readonly expires?: Date } | 'missing';
}

/** What the other program makes of an object. */
interface Understood {
  readonly headers: GoHeaders;
  readonly tag: string;
  readonly expiresAt: Date | undefined;
  readonly body: Buffer;
}

/** 32 hex digits. */
export function newTag(): string {
  return randomBytes(16).toString('hex');
}

/** The object of `name`: that of git artifacts has no namespace. */
export function objectNameOf(name: string, namespace?: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `${namespace === undefined ? '' : `${namespace}/`}${hash.slice(0, 2)}/${hash}`;
}

const headersSchema = z.record(
  z.string().regex(/^[A-Z0-9][a-z0-9]*(-[A-Z0-9][a-z0-9]*)*$/),
  z.array(z.string()),
);
const companionSchema = z.strictObject({
  headers: headersSchema,
  /** RFC 3339. */
  expires_at: z.iso.datetime({ offset: true }).optional(),
  tag: z.string().regex(/^[0-9a-f]{32}$/),
});

export class OtherProgram implements Disposable {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ endpoint, bucket }: BucketPlace) {
    this.#client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
    this.#bucket = bucket;
  }

  async createBucket(): Promise<void> {
    await this.#client.send(new CreateBucketCommand({ Bucket: this.#bucket }));
  }

  /** The data first, then the companion. */
  async write(name: string, fixture: Fixture): Promise<void> {
    const { namespace, body, headers = {}, tag = newTag(), expires, companion = {} } = fixture;
    const place = { Bucket: this.#bucket, Key: objectNameOf(name, namespace) };
    await this.#client.send(
      new PutObjectCommand({
        ...place,
        Body: body,
        Metadata: { Headers: JSON.stringify(headers), ...(tag !== '' && { Tag: tag }) },
        ...(expires && { Expires: expires }),
      }),
    );
    if (companion === 'missing') return;
    const text = JSON.stringify({
      headers: companion.headers ?? (headers['Etag'] ? { Etag: headers['Etag'] } : {}),
      expires_at: (companion.expires ?? expires)?.toISOString().replace(/\.\d+Z$/, 'Z'),
      tag: companion.tag ?? tag,
    });
    await this.#client.send(
      new PutObjectCommand({
        ...place,
        Key: `${place.Key}.meta`,
        Body: text,
        ContentType: 'application/json',
      }),
    );
  }

  /** The object as it is committed. @throws when it is none, or not in the form that the layout has */
  async read(name: string, namespace?: string): Promise<Understood> {
    const at = { Bucket: this.#bucket, Key: objectNameOf(name, namespace) };
    const data = await this.#client.send(new GetObjectCommand(at));
    const body = Buffer.from((await data.Body?.transformToByteArray()) ?? []);
    const ownHeaders = headersSchema.parse(JSON.parse(data.Metadata?.['headers'] ?? ''));
    const { tag, headers, expires_at: expires } = await this.companion(name, namespace);
    if (data.Metadata?.['tag'] !== tag) throw new Error('the tags differ: a commit is in flight');
    const expiresAt = expires === undefined ? undefined : new Date(expires);
    return { headers: { ...ownHeaders, ...headers }, tag, expiresAt, body };
  }

  async companion(name: string, namespace?: string): Promise<z.infer<typeof companionSchema>> {
    const at = { Bucket: this.#bucket, Key: `${objectNameOf(name, namespace)}.meta` };
    const answer = await this.#client.send(new GetObjectCommand(at));
    if (answer.ContentType !== 'application/json') throw new Error(`a companion is ${answer.ContentType}`);
    return companionSchema.parse(JSON.parse((await answer.Body?.transformToString()) ?? ''));
  }

  /** Whether there is an S3 object of this name. */
  async has(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  /** Every name in the bucket. */
  async names(): Promise<readonly string[]> {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.#bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

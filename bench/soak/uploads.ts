/** The writing half of the bucket: whole objects and parts are compared with their revision while they come, and let go. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { isAt, lengthOf } from './content.ts';

export interface Stored {
  /** Of the revision; for a companion, its ETag. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly modifiedAt: Date;
  /** Of a companion. */
  readonly text?: string;
}

interface Multipart {
  readonly key: string;
  readonly stored: Stored;
  /** Bytes of each part, from the first. */
  readonly parts: number[];
}

export class Uploads {
  readonly wrong: string[] = [];
  count = 0;
  readonly #objects: Map<string, Stored>;
  readonly #multiparts = new Map<string, Multipart>();

  constructor(objects: Map<string, Stored>) {
    this.#objects = objects;
  }

  /** PutObject, the four requests of a multipart upload, and DeleteObject. */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    parameters: URLSearchParams,
  ): Promise<void> {
    const id = parameters.get('uploadId');
    const multipart = this.#multiparts.get(id ?? '');
    const part = parameters.get('partNumber');
    if (request.method === 'DELETE') {
      if (id === null) this.#objects.delete(key);
      else this.#multiparts.delete(id);
      response.writeHead(204).end();
    } else if (parameters.has('uploads')) {
      response.end(this.#start(key, request.headers));
    } else if (id !== null && !multipart) {
      response.writeHead(404).end('<Error><Code>NoSuchUpload</Code></Error>');
    } else if (multipart && part !== null) {
      await this.#addPart(multipart, Number(part), request);
      response.setHeader('etag', `"${part}"`).end();
    } else if (multipart) {
      await text(request);
      this.#multiparts.delete(id ?? '');
      this.#commit(key, multipart.stored, sum(multipart.parts));
      response.end(
        `<CompleteMultipartUploadResult><ETag>"${multipart.stored.name}"</ETag></CompleteMultipartUploadResult>`,
      );
    } else {
      await this.#put(key, request);
      response.setHeader('etag', `"${this.#objects.get(key)?.name}"`).end();
    }
  }

  #start(key: string, headers: IncomingHttpHeaders): string {
    const id = randomUUID();
    this.#multiparts.set(id, { key, stored: storedOf(headers), parts: [] });
    return `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
  }

  /** Parts come in order; one that is sent again has the length that it had. */
  async #addPart({ stored, parts }: Multipart, number: number, request: IncomingMessage): Promise<void> {
    const start = sum(parts.slice(0, number - 1));
    parts[number - 1] = await this.#check(stored.name, start, request);
  }

  async #put(key: string, request: IncomingMessage): Promise<void> {
    if (key.endsWith('.meta')) {
      const companion = {
        name: randomUUID(),
        headers: {},
        modifiedAt: new Date(),
        text: await text(request),
      };
      this.#objects.set(key, companion);
      return;
    }
    const stored = storedOf(request.headers);
    this.#commit(key, stored, await this.#check(stored.name, 0, request));
  }

  /** Compares what comes with the revision from `start` on; gives its length. */
  async #check(name: string, start: number, body: AsyncIterable<Buffer>): Promise<number> {
    let at = start;
    for await (const piece of body) {
      if (!isAt(name, at, piece)) this.wrong.push(`${name}: wrong bytes at ${at}`);
      at += piece.length;
    }
    return at - start;
  }

  #commit(key: string, stored: Stored, length: number): void {
    const expected = lengthOf(stored.name);
    if (length !== expected) this.wrong.push(`${stored.name}: ${length} of ${expected} bytes`);
    this.#objects.set(key, { ...stored, modifiedAt: new Date() });
    this.count += 1;
  }
}

/** Sluice keeps the ETag that an object was given in its metadata: it is the revision's name. */
function storedOf(headers: IncomingHttpHeaders): Stored {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const name = /o\d+\.\d+/.exec(String(headers['x-amz-meta-headers']))?.[0] ?? '';
  return {
    name,
    headers: Object.fromEntries(kept.map(([field, value]) => [field, String(value)])),
    modifiedAt: new Date(),
  };
}

function sum(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total + length, 0);
}

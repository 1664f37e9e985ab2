/**
 * The objects of the soak and their revisions. A few are popular. Now and then one is replaced: small ones by an
 * upload through Sluice, large ones in the bucket, behind its back.
 */
import { Readable } from 'node:stream';
import { objectKey } from '#main/http/names.ts';
import { bytesOf, isUploaded, lengthOf, nameOf, objectCount, parseName } from './content.ts';

/** Each object is asked for in proportion to 1 / its rank; a step prime to their number mixes the sizes. */
const ranking = Array.from({ length: objectCount }, (_, rank) => (rank * 17 + 11) % objectCount);
const weights = ranking.map((_, rank) => 1 / (rank + 1));
const allWeights = weights.reduce((sum, weight) => sum + weight, 0);

export class Objects {
  readonly #sluiceUrl: string;
  readonly #bucketUrl: string;
  /** The latest revision of each that may have become visible. */
  readonly #revisions = new Map<number, number>();
  replaced = 0;
  uploaded = 0;

  constructor(sluiceUrl: string, bucketUrl: string) {
    this.#sluiceUrl = sluiceUrl;
    this.#bucketUrl = bucketUrl;
  }

  /** An object by Zipf's law. */
  popular(fits: (object: number) => boolean = () => true): number {
    for (;;) {
      let left = Math.random() * allWeights;
      const object = ranking[weights.findIndex((weight) => (left -= weight) < 0)] ?? 0;
      if (fits(object)) return object;
    }
  }

  isCurrent(name: string): boolean {
    const { object, revision } = parseName(name);
    return this.#revisions.get(object) === revision;
  }

  /** Makes a new revision of the object. */
  async renew(object: number): Promise<void> {
    const revision = (this.#revisions.get(object) ?? -1) + 1;
    // From here on, whoever reads the one before may be broken off.
    this.#revisions.set(object, revision);
    if (isUploaded(object)) await this.#upload(object, nameOf(object, revision));
    else await this.#replace(object, nameOf(object, revision));
  }

  async #upload(object: number, name: string): Promise<void> {
    const answer = await fetch(`${this.#sluiceUrl}/api/v1/object/soak/o${object}`, {
      method: 'POST',
      headers: { etag: `"${name}"` },
      body: Readable.toWeb(Readable.from(bytesOf(name, 0, lengthOf(name)))) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the upload of ${name} answered ${answer.status}: ${text}`);
    this.uploaded += 1;
  }

  async #replace(object: number, name: string): Promise<void> {
    const parameters = new URLSearchParams({ key: objectKey('soak', `o${object}`), name });
    const answer = await fetch(`${this.#bucketUrl}/-/replace?${parameters.toString()}`, { method: 'PUT' });
    await answer.text();
    this.replaced += 1;
  }
}

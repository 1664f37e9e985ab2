/**
 * The record of a lease in a folder. A file system has no conditional write, but only one of several can make a file
 * with a given name: so the revisions are numbered, each is a new file, and the highest number counts.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeDurably } from './file-durable.ts';
import { asStoreErrors } from './file-errors.ts';
import { incomingFolder, isMissingFile, leaseFolder } from './file-layout.ts';
import { namesIn } from './file-sweep.ts';
import type { LeaseRegister, ReadLease } from './lease.ts';

export class FileLeaseRegister implements LeaseRegister {
  readonly #root: string;
  readonly #folder: string;

  constructor(root: string, key: string) {
    this.#root = root;
    this.#folder = leaseFolder(root, key);
  }

  async read(): Promise<ReadLease | undefined> {
    for (;;) {
      const [newest] = await this.#numbers();
      if (newest === undefined) return undefined;
      try {
        return { text: await readFile(this.#file(newest), 'utf8'), pin: String(newest) };
      } catch (error) {
        // Written again since the names were read.
        if (!isMissingFile(error)) throw error;
      }
    }
  }

  write(text: string, over: string | undefined): Promise<string | undefined> {
    return asStoreErrors(this.#folder, async () => {
      const number = Number(over ?? 0) + 1;
      if (!(await this.#create(number, text))) return undefined;
      const numbers = await this.#numbers();
      const isNewest = numbers[0] === number;
      // Somebody took it and wrote it again, both since it was read: then this number was free once more.
      const superfluous = isNewest ? numbers.slice(1) : [number];
      await Promise.all(superfluous.map((each) => rm(this.#file(each), { force: true })));
      return isNewest ? String(number) : undefined;
    });
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Makes the file with its content in one step; false when there is one. */
  async #create(number: number, text: string): Promise<boolean> {
    const incoming = join(incomingFolder(this.#root), `${randomUUID()}.json`);
    await makeFolder(this.#folder);
    await writeDurably(incoming, [Buffer.from(text)]);
    try {
      await link(incoming, this.#file(number));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      await rm(incoming, { force: true });
    }
  }

  /** The newest first. */
  async #numbers(): Promise<readonly number[]> {
    const names = await namesIn(this.#folder);
    return names.map((name) => Number.parseInt(name, 10)).toSorted((a, b) => b - a);
  }

  #file(number: number): string {
    return join(this.#folder, `${number}.json`);
  }
}

/**
 * Profiles that somebody has, from another program or another day, on their way into a bundle: received into files,
 * read once to see that they are profiles, and kept until a bundle has them, or for an hour. Together they are at most
 * so large, whoever sends them.
 */
import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#main/object-store/file-durable.ts';
import { describeProfile } from '#main/profiling/describe.ts';
import { maxAttachedBytes, maxAttachments, type Attachment } from '#shared/contract/incidents.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';

const keptMs = 3_600_000;
/** A name in an archive: the end of it, because the ending tells what it is. */
const nameLength = 40;

interface Kept extends Attachment {
  readonly path: string;
  readonly receivedAt: number;
}

export class Attachments {
  readonly #folder: string;
  readonly #kept = new Map<string, Kept>();
  /** Of those kept, and of those that are being received. */
  #bytes = 0;
  #receiving = 0;
  #isOpen = false;

  /** What an earlier run left in `folder` goes with the first one. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Receives a file. `name` is as somebody calls it, and becomes no path.
   * @throws SluiceError TOO_LARGE, INVALID_INPUT that says which format and which field is wrong; what `body` throws
   */
  async receive(name: string, body: AsyncIterable<Uint8Array>): Promise<Attachment> {
    await this.#prepare();
    if (this.#kept.size + this.#receiving >= maxAttachments)
      throw new SluiceError('TOO_LARGE', `at most ${maxAttachments} profiles are attached to a bundle`);
    const id = randomUUID();
    const path = join(this.#folder, id);
    this.#receiving += 1;
    let bytes = 0;
    try {
      await using file = await open(path, 'wx', 0o600);
      for await (const piece of body) {
        bytes += piece.length;
        this.#bytes += piece.length;
        if (this.#bytes > maxAttachedBytes)
          throw new SluiceError(
            'TOO_LARGE',
            `attached profiles have at most ${formatBytes(maxAttachedBytes)} together`,
          );
        await file.appendFile(piece);
      }
      const attachment = { id, name: plainName(name), bytes, ...(await describeProfile(path, name)) };
      this.#kept.set(id, { ...attachment, path, receivedAt: Date.now() });
      return attachment;
    } catch (error) {
      this.#bytes -= bytes;
      await rm(path, { force: true });
      throw error;
    } finally {
      this.#receiving -= 1;
    }
  }

  /** @throws SluiceError NOT_FOUND */
  get(id: string): Attachment & { readonly path: string } {
    const kept = this.#kept.get(id);
    if (kept) return kept;
    throw new SluiceError('NOT_FOUND', 'a profile that was attached is not kept any more: send it again');
  }

  /** A bundle has them. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const kept = this.#kept.get(id);
      if (!kept) continue;
      this.#kept.delete(id);
      this.#bytes -= kept.bytes;
      await rm(kept.path, { force: true });
    }
  }

  async #prepare(): Promise<void> {
    if (!this.#isOpen) {
      this.#isOpen = true;
      await rm(this.#folder, { recursive: true, force: true });
    }
    await makeFolder(this.#folder);
    const old = Date.now() - keptMs;
    await this.forget(
      [...this.#kept.values()].filter(({ receivedAt }) => receivedAt < old).map(({ id }) => id),
    );
  }
}

/** Letters that every file system and archive takes. */
function plainName(name: string): string {
  const plain = name
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(-nameLength);
  return plain === '' ? 'profile' : plain;
}

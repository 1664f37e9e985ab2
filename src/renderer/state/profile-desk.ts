/**
 * What a worker does with the messages of the page. One worker keeps all profiles and answers; each file is read by a
 * worker of its own, which hands over what it has read and ends: to call a reading off is to end its worker.
 */
import { messageOf } from '#shared/errors.ts';
import { fingerprintOf } from '#shared/profile/fingerprint.ts';
import { ProfileError } from '#shared/profile/profile.ts';
import { type OpenedProfile, readProfile } from '#shared/profile/read.ts';
import type { Failure, FromWorker, ReadOrder, ToWorker } from './profile-questions.ts';
import { type FileIdentity, ProfileShelf } from './profile-shelf.ts';

type Post = (message: FromWorker, transfer: Transferable[]) => void;

/** What a reader hands to the worker that keeps it. */
interface HandedOver {
  readonly identity: FileIdentity;
  readonly opened: OpenedProfile;
}

/** Progress that nobody could tell apart is not told. */
const leastStep = 0.01;

export class ProfileDesk {
  readonly #post: Post;
  readonly #shelf = new ProfileShelf();

  constructor(post: Post) {
    this.#post = post;
  }

  /** Does what the page says. Whatever goes wrong is told as a message, too. */
  take(message: ToWorker): void {
    if (message.kind === 'read') void this.#read(message);
    else if (message.kind === 'listen') this.#listen(message.from, message.number);
    else if (message.kind === 'close') this.#shelf.close(message.id);
    else this.#answer(message);
  }

  async #read({ file, to }: ReadOrder): Promise<void> {
    let told = 0;
    const onProgress = (share: number): void => {
      if (share - told < leastStep) return;
      told = share;
      this.#post({ kind: 'progress', share }, []);
    };
    try {
      const bytes = new Uint8Array(await bytesOf(file));
      const opened = await readProfile(bytes, file.name, { onProgress });
      const identity = { id: fingerprintOf(bytes), name: file.name, bytes: bytes.length };
      to.postMessage({ identity, opened } satisfies HandedOver, buffersIn(opened));
    } catch (error) {
      this.#post({ kind: 'unreadable', failure: failureOf(error) }, []);
    }
  }

  #listen(from: MessagePort, number: number): void {
    from.addEventListener('message', ({ data }: MessageEvent<HandedOver>) => {
      from.close();
      try {
        this.#post({ kind: 'opened', number, info: this.#shelf.add(data.identity, data.opened) }, []);
      } catch (error) {
        this.#post({ kind: 'refused', number, failure: failureOf(error) }, []);
      }
    });
    from.start();
  }

  #answer({ number, name, ask }: Extract<ToWorker, { readonly kind: 'ask' }>): void {
    try {
      const answer = this.#shelf.answer(name, ask);
      this.#post({ kind: 'answer', number, answer }, buffersIn(answer));
    } catch (error) {
      this.#post({ kind: 'failed', number, failure: failureOf(error) }, []);
    }
  }
}

async function bytesOf(file: File): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (error) {
    throw new Error(`${file.name} could not be read: ${messageOf(error)}`, { cause: error });
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof ProfileError)) return { sentence: messageOf(error) };
  const { message, format, field } = error;
  return { sentence: message, field, ...(format === 'unknown' ? {} : { format }) };
}

/** The memory of all typed arrays in it, each once: handed over, not copied. */
function buffersIn(value: unknown): Transferable[] {
  const found = new Set<ArrayBuffer>();
  const visit = (each: unknown, depth: number): void => {
    if (ArrayBuffer.isView(each) && each.buffer instanceof ArrayBuffer) found.add(each.buffer);
    else if (typeof each === 'object' && each !== null && !Array.isArray(each) && depth < 3)
      for (const part of Object.values(each)) visit(part, depth + 1);
  };
  visit(value, 0);
  return [...found];
}

/**
 * The profiles of a bundle: the ledger now and when most of it was held, what the process does meanwhile, what it was asked
 * to take before, and what somebody has sent. Each with a sentence that says who or which function has the most.
 */
import { randomUUID } from 'node:crypto';
import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Captures } from '#main/profiling/captures.ts';
import { describeProfile } from '#main/profiling/describe.ts';
import { messageOf } from '#shared/errors.ts';
import type { LedgerReading } from '#shared/ledger-model.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { ledgerLines, ledgerProfile } from '#shared/profile/ledger-profile.ts';
import { ownersSentence } from '#shared/profile/ledger-sentence.ts';
import { KiB } from '#shared/units.ts';
import type { CaptureKind } from '#shared/vocabulary/profiles.ts';
import type { Attachments } from './attachments.ts';
import type { LedgerInstant } from './digest.ts';
import { takeProfiles, type TakenProfile } from './profiles.ts';
import type { TarFile } from './tar.ts';

const pieceBytes = 256 * KiB;

export interface ProfileFile extends TarFile {
  readonly about: string;
  /** Empty where there is nothing to say. */
  readonly sentence: string;
}

export interface ProfileSources {
  readonly captures: Captures;
  readonly attachments: Attachments;
  /** By owner, at this instant. */
  readonly ledger: () => { readonly totalBytes: number; readonly owners: readonly LedgerOwner[] };
}

export interface ProfileChoice {
  /** When absent all that are kept but heap snapshots. */
  readonly captures?: readonly string[] | undefined;
  readonly attached: readonly string[];
  /** As the recording has it. */
  readonly fullest: LedgerInstant | undefined;
  /** For files on their way; it exists. */
  readonly folder: string;
}

/** Disposing of it closes the files: until then all of them can be read, whatever is removed meanwhile. */
export class BundleProfiles implements AsyncDisposable {
  /** The ledger as it is in the bundle. */
  readonly now: LedgerReading;
  readonly #sources: ProfileSources;
  readonly #files: ProfileFile[] = [];
  readonly #handles: FileHandle[] = [];

  private constructor(sources: ProfileSources) {
    this.#sources = sources;
    const { totalBytes, owners } = sources.ledger();
    this.now = { at: Date.now(), totalBytes, owners: [...owners] };
  }

  /** @throws SluiceError NOT_FOUND for a capture or an attachment that was asked for and is not kept any more */
  static async gather(sources: ProfileSources, choice: ProfileChoice): Promise<BundleProfiles> {
    const gathered = new BundleProfiles(sources);
    try {
      await gathered.#gather(choice);
      return gathered;
    } catch (error) {
      await gathered[Symbol.asyncDispose]();
      throw error;
    }
  }

  get files(): readonly ProfileFile[] {
    return this.#files;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#handles.map((file) => file.close()));
  }

  async #gather({ captures: wanted, attached, fullest, folder }: ProfileChoice): Promise<void> {
    const { captures } = this.#sources;
    const now = { reading: this.now, lanes: [] };
    this.#files.push(...(await ledgerFiles('ledger', 'when the bundle was made', now)));
    if (fullest)
      this.#files.push(...(await ledgerFiles('ledger-fullest', 'when most of it was held', fullest)));
    for (const id of wanted ?? []) await this.#addCapture(id);
    for (const { id, kind, state } of wanted ? [] : captures.list()) {
      // What goes away between the two questions was not asked for by anybody.
      if (state === 'ready' && kind !== 'snapshot') await this.#addCapture(id).catch(() => undefined);
    }
    for (const id of attached) await this.#addAttachment(id);
    this.#files.push(...(await ownProfiles(folder)));
  }

  async #addCapture(id: string): Promise<void> {
    const { file, path, capture } = await this.#sources.captures.open(id);
    this.#handles.push(file);
    const { name, kind, bytes, startedAt } = capture;
    this.#files.push({
      name: this.#nameFor(name),
      bytes,
      content: contentOf(file, bytes),
      about: `${kindWords[kind]}, begun ${new Date(startedAt).toISOString()}`,
      sentence: await sentenceOf(path, name),
    });
  }

  async #addAttachment(id: string): Promise<void> {
    const { path, name, bytes, format, sentence } = this.#sources.attachments.get(id);
    const file = await open(path);
    this.#handles.push(file);
    this.#files.push({
      name: this.#nameFor(`attached-${name}`),
      bytes,
      content: contentOf(file, bytes),
      about: `${format}: sent along by whoever made the bundle`,
      sentence,
    });
  }

  /** Of its own in the archive. */
  #nameFor(name: string): string {
    const isTaken = (path: string): boolean => this.#files.some((file) => file.name === path);
    const [stem = '', ...endings] = name.split('.');
    let path = `profiles/${name}`;
    for (let at = 2; isTaken(path); at += 1) path = `profiles/${[`${stem}-${at}`, ...endings].join('.')}`;
    return path;
  }
}

const kindWords: Readonly<Record<CaptureKind, string>> = {
  heap: 'what was allocated and stayed, sampled',
  cpu: 'what ran, sampled',
  snapshot: 'every object of V8’s heap',
};

/** As pprof and as lines. */
async function ledgerFiles(
  stem: string,
  when: string,
  { reading: { at, owners, totalBytes }, lanes }: LedgerInstant,
): Promise<readonly ProfileFile[]> {
  const about = `who held the memory that bodies take, ${when}, ${new Date(at).toISOString()}`;
  const sentence = ownersSentence({ owners, totalBytes }, lanes);
  const packed = await promisify(gzip)(ledgerProfile(owners, at));
  const lines = Buffer.from(ledgerLines(owners, at));
  return [
    {
      name: `profiles/${stem}.pb.gz`,
      bytes: packed.length,
      content: [packed],
      about: `${about}: pprof`,
      sentence,
    },
    {
      name: `profiles/${stem}.ndjson`,
      bytes: lines.length,
      content: [lines],
      about: `${about}: lines`,
      sentence: '',
    },
  ];
}

/** Taken now; written down only for as long as it takes to read what is in them. */
async function ownProfiles(folder: string): Promise<readonly ProfileFile[]> {
  const taken = await takeProfiles();
  return Promise.all(taken.map((profile) => written(profile, folder)));
}

async function written({ name, about, content }: TakenProfile, folder: string): Promise<ProfileFile> {
  const bytes = Buffer.from(content);
  const path = join(folder, `.${randomUUID()}`);
  await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
  const isProfile = !name.endsWith('.txt');
  const sentence = isProfile ? await sentenceOf(path, basename(name)) : '';
  await rm(path, { force: true });
  return { name, about, bytes: bytes.length, content: [bytes], sentence };
}

/** A bundle does not fail because a profile in it cannot be read here. */
async function sentenceOf(path: string, name: string): Promise<string> {
  return describeProfile(path, name).then(
    ({ sentence }) => sentence,
    (error: unknown) => `It was not read: ${messageOf(error)}`,
  );
}

/** Exactly so many bytes, from the beginning. */
async function* contentOf(file: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  while (at < bytes) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, bytes - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

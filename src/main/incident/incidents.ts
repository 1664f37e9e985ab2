/** Makes bundles: a recording, profiles, settings without secrets, versions, notes and a summary in one `.tar.gz`. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { LoadedConfig } from '#main/config/load.ts';
import type { Recordings } from '#main/recording/recordings.ts';
import type { Bundle, BundleInput } from '#shared/contract/incidents.ts';
import { Attachments } from './attachments.ts';
import { BundleProfiles, type ProfileSources } from './bundle-profiles.ts';
import { type Digest, digestOf } from './digest.ts';
import { neverThere, processFacts, settingFacts, snapshotFacts, stillThere, versionFacts } from './facts.ts';
import { KeptBundles } from './kept.ts';
import { summaryPage } from './summary.ts';
import { tarOf, type TarFile } from './tar.ts';

/** A file of a bundle, with what it is in words. */
interface BundleFile extends TarFile {
  readonly about: string;
}

/** What a bundle is made of. */
interface Content {
  readonly recording: string;
  readonly digest: Digest;
  readonly profiles: BundleProfiles;
  readonly note: string;
  readonly now: number;
}

export interface IncidentOptions {
  readonly dataDir: string;
  readonly recordings: Recordings;
  /** In force now. */
  readonly settings: () => LoadedConfig;
  readonly captures: ProfileSources['captures'];
  readonly ledger: ProfileSources['ledger'];
}

export class Incidents {
  /** Profiles that were sent, for bundles to come. */
  readonly attachments: Attachments;
  readonly #options: IncidentOptions;
  readonly kept: KeptBundles;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: IncidentOptions) {
    this.#options = options;
    this.kept = new KeptBundles(join(options.dataDir, 'recordings', 'incidents'));
    this.attachments = new Attachments(join(this.kept.directory, 'attached'));
  }

  /** One at a time. @throws SluiceError NOT_FOUND for a recording that is gone, and what saving one throws */
  async bundle(input: BundleInput): Promise<Bundle> {
    const before = this.#work;
    const work = (async () => {
      await before.catch(() => undefined);
      return this.#bundle(input);
    })();
    this.#work = work;
    return work;
  }

  /** Where the file is, for whoever sends it. @throws SluiceError NOT_FOUND */
  async file(id: string): Promise<{ readonly path: string; readonly bytes: number }> {
    return this.kept.file(id);
  }

  async #bundle({ recording, note, ...chosen }: BundleInput): Promise<Bundle> {
    const { saved, recorder } = this.#options.recordings;
    const summary =
      recording === undefined
        ? await recorder.save({ name: 'Incident', note })
        : await saved.summary(recording);
    const now = Date.now();
    const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const id = `${time}-incident-${randomBytes(4).toString('hex')}`;
    const { directory } = this.kept;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { path: recorded } = await saved.file(summary.id);
    const digest = await digestOf(recorded);
    const { captures, ledger } = this.#options;
    await using profiles = await BundleProfiles.gather(
      { captures, ledger, attachments: this.attachments },
      { ...chosen, fullest: digest.fullest, folder: directory },
    );
    const { files, redactions } = await this.#files({ recording: summary.id, digest, profiles, note, now });
    const incoming = join(directory, `.${id}.incoming`);
    const path = this.kept.pathOf(id);
    try {
      const named = files.map((file) => ({ ...file, name: `${id}/${file.name}` }));
      await pipeline(
        tarOf(named, now),
        createGzip(),
        createWriteStream(incoming, { flags: 'wx', mode: 0o600 }),
      );
      await rename(incoming, path);
    } catch (error) {
      await rm(incoming, { force: true });
      throw error;
    }
    await this.attachments.forget(chosen.attached);
    const { size: bytes } = await stat(path);
    const bundle: Bundle = {
      id,
      fileName: `${id}.tar.gz`,
      bytes,
      recording: summary.id,
      files: files.map(({ name }) => name),
      profiles: profiles.files
        .filter(({ sentence }) => sentence !== '')
        .map(({ name, sentence }) => ({ file: name, sentence })),
      redactions,
    };
    await this.kept.add(bundle, { at: now, note });
    return bundle;
  }

  async #files({ recording, digest, profiles, note, now }: Content) {
    const { recordings, settings } = this.#options;
    const { path, bytes } = await recordings.saved.file(recording);
    const { header } = await recordings.saved.contents(recording);
    const facts = settingFacts(settings());
    const redactions = [
      ...facts.redactions,
      ...neverThere,
      ...[...stillThere, ...snapshotFacts(profiles.files)].map((text) => `Still there: ${text}`),
    ];
    // What is kept all the time is saved with the same note.
    const notes = [...new Set([note, header.note])].filter((text) => text !== '').join('\n\n');
    const files: BundleFile[] = [
      {
        name: 'recording.sluicerec',
        bytes,
        content: bytesOf(path, bytes),
        about: 'the recording; a Sluice console plays it',
      },
      text('alerts.json', 'alerts in the recording', json(digest.alerts)),
      text('settings.json', 'the settings in force, and where each came from', json(facts.settings)),
      text('versions.json', 'of Sluice, its runtime and the machine', json(versionFacts())),
      text(
        'process.json',
        'memory and resources of the process when the bundle was made',
        json(processFacts()),
      ),
      text('notes.txt', 'what somebody wrote', `${notes}\n`),
      text('redactions.txt', 'what is not in here, and what still is', `${redactions.join('\n')}\n`),
      ...profiles.files,
    ];
    const page = summaryPage({
      header,
      digest,
      note: notes,
      settings: facts.settings,
      files: files.map(({ name, about }) => ({ name, about })),
      profiles: profiles.files,
      ledgerNow: profiles.now,
      redactions,
      createdAt: now,
    });
    return { files: [text('summary.html', 'this page', page), ...files], redactions };
  }
}

/** Opened when it is asked for, and closed when nobody asks any more. */
async function* bytesOf(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { end: bytes - 1 });
}

function text(name: string, about: string, content: string): BundleFile {
  const bytes = Buffer.from(content);
  return { name, about, bytes: bytes.length, content: [bytes] };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

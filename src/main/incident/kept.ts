/** The bundles that are kept: each a file, and beside it what it was said to be when it was made. */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivate } from '#main/access/private-file.ts';
import {
  incidentIdSchema,
  keptBundleSchema,
  type Bundle,
  type KeptBundle,
} from '#shared/contract/incidents.ts';
import { SluiceError } from '#shared/errors.ts';
import { jsonOf } from '#shared/recording/records.ts';
import { keptBundles } from '#shared/vocabulary/recordings.ts';

const suffix = '.tar.gz';

export class KeptBundles {
  readonly directory: string;

  /** `directory` need not exist yet. */
  constructor(directory: string) {
    this.directory = directory;
  }

  /** Where the file of a bundle is, whether it is there or not. The id is checked: it becomes a path. */
  pathOf(id: string): string {
    if (incidentIdSchema.safeParse(id).success) return join(this.directory, `${id}${suffix}`);
    throw new SluiceError('NOT_FOUND', `there is no incident ${JSON.stringify(id.slice(0, 100))}`);
  }

  /** Says what a bundle is that was just written, and takes the oldest away. */
  async add(bundle: Bundle, told: Pick<KeptBundle, 'at' | 'note'>): Promise<void> {
    await writePrivate(this.#aboutOf(bundle.id), { ...bundle, ...told });
    const all = await this.#ids();
    for (const { id } of all.slice(keptBundles)) await this.remove(id);
  }

  /** The newest first. */
  async list(): Promise<readonly KeptBundle[]> {
    const bundles: KeptBundle[] = [];
    for (const { id, at } of (await this.#ids()).slice(0, keptBundles)) {
      const bundle = await this.#told(id, at).catch(() => undefined);
      if (bundle) bundles.push(bundle);
    }
    return bundles;
  }

  /** @throws SluiceError NOT_FOUND */
  async file(id: string): Promise<{ readonly path: string; readonly bytes: number }> {
    const path = this.pathOf(id);
    const found = await stat(path).catch(() => undefined);
    if (found) return { path, bytes: found.size };
    throw new SluiceError('NOT_FOUND', `there is no incident ${JSON.stringify(id)} any more`);
  }

  /** False when it was gone already. */
  async remove(id: string): Promise<boolean> {
    const path = this.pathOf(id);
    const existed = await stat(path).then(
      () => true,
      () => false,
    );
    await rm(path, { force: true });
    await rm(this.#aboutOf(id), { force: true });
    return existed;
  }

  #aboutOf(id: string): string {
    return join(this.directory, `${id}.json`);
  }

  /** By the time of their files: several may have been made in one second. The newest first. */
  async #ids(): Promise<readonly { readonly id: string; readonly at: number }[]> {
    const found: { readonly id: string; readonly at: number }[] = [];
    for (const name of await readdir(this.directory).catch(() => [])) {
      const id = name.slice(0, -suffix.length);
      if (!name.endsWith(suffix) || !incidentIdSchema.safeParse(id).success) continue;
      found.push({ id, at: (await stat(join(this.directory, name))).mtimeMs });
    }
    return found.toSorted((a, b) => b.at - a.at);
  }

  /** What was said of it; of one that nothing is said of, what can be seen. */
  async #told(id: string, at: number): Promise<KeptBundle> {
    const text = await readFile(this.#aboutOf(id), 'utf8').catch(() => '');
    const told = keptBundleSchema.safeParse(jsonOf(text)).data;
    const { bytes } = await this.file(id);
    const unsaid = { recording: '', files: [], profiles: [], redactions: [], note: '' };
    return { ...(told ?? { ...unsaid, at }), id, fileName: `${id}${suffix}`, bytes };
  }
}

/**
 * The repository that is cloned and restored: the files of a large Debian source package as one commit, and some
 * hundred commits on top that each change a few of them. Everything is chosen by a generator of its own, with fixed
 * names and dates: the same package gives the same commits on every machine. Made once and kept, bare and well packed
 * as a hosting service would have it.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureDebianPackages } from '../../scripts/debian.ts';
import { cacheDir } from '../../scripts/cache.ts';
import { say } from '../../scripts/process.ts';
import { addCommits } from './commits.ts';
import { git } from './git.ts';
import { runShell } from './shell.ts';

export interface BenchRepository {
  /** A bare repository. */
  readonly folder: string;
  readonly head: string;
  /** What it is made of, in words. */
  readonly description: string;
}

interface Recipe {
  readonly name: string;
  readonly commits: number;
  /** Fills an empty folder with files. */
  readonly fill: (folder: string) => Promise<void>;
}

const packageName = 'linux-source-6.1';

/** To be raised when what is made here changes. */
const edition = 1;

/** The repository of this size, from the cache folder or made now, which takes minutes. */
export async function benchRepository(size: 'full' | 'quick'): Promise<BenchRepository> {
  const recipe = size === 'quick' ? generated : await debianSource();
  const folder = join(cacheDir(), 'bench', `${recipe.name}-${recipe.commits}-v${edition}.git`);
  if (!(await exists(folder))) await make(recipe, folder);
  const head = await git(folder, 'rev-parse', 'HEAD');
  const bytes = await git(folder, 'count-objects', '-vH').then((text) => /size-pack: (.*)/.exec(text)?.[1]);
  const description = `${recipe.name} with ${recipe.commits} commits on top, ${bytes} packed`;
  return { folder, head, description };
}

/** Complete or not there at all: it is made beside its place and renamed. */
async function make(recipe: Recipe, folder: string): Promise<void> {
  say(`Making the repository of ${recipe.name}, once …`);
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.incoming-`);
  try {
    const [tree, bare] = [join(work, 'tree'), join(work, 'bare.git')];
    await mkdir(tree);
    await recipe.fill(tree);
    await git(work, 'init', '--quiet', '--bare', '--initial-branch=main', '--', bare);
    await git(bare, 'config', 'core.compression', '1'); // Packed properly below, and by nobody before.
    await git(bare, 'config', 'gc.auto', '0');
    await git(bare, 'config', 'core.logAllRefUpdates', 'false');
    const inTree = [`--git-dir=${bare}`, '--work-tree=.'];
    await git(tree, ...inTree, 'add', '--all', '--force');
    await git(tree, ...inTree, 'commit', '--quiet', '--message', `The files of ${recipe.name}`);
    await addCommits(bare, recipe.commits);
    await git(bare, 'config', '--unset', 'core.compression');
    await rm(join(bare, 'index'));
    await git(bare, 'repack', '-a', '-d', '-F', '--quiet', '--write-bitmap-index');
    await git(bare, 'commit-graph', 'write', '--reachable', '--no-progress');
    await rename(bare, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The package that apt would install now; its version is part of the name. */
async function debianSource(): Promise<Recipe> {
  await ensureDebianPackages(['xz-utils'], 'the repository of the benchmark');
  const policy = await runShell('apt-cache policy "$1"', [packageName]);
  const version = /Candidate: (\S+)/.exec(policy)?.[1];
  if (version === undefined) throw new Error(`apt knows no ${packageName}: run apt-get update`);
  const name = `${packageName}_${version.replace(/[^A-Za-z0-9.+~-]/g, '_')}`;
  return { name, commits: 300, fill: (folder) => unpackSource(folder, version) };
}

/** The package holds one compressed tar file, which holds one folder. */
async function unpackSource(folder: string, version: string): Promise<void> {
  const downloads = await mkdtemp(`${folder}-`);
  try {
    await runShell('cd "$1" && apt-get -q download "$2"', [downloads, `${packageName}=${version}`]);
    const [file = ''] = await readdir(downloads);
    const inner = `./usr/src/${packageName}.tar.xz`;
    const unpack =
      'dpkg-deb --fsys-tarfile "$1" | tar -xO "$2" | tar -xJ --strip-components=1 --no-same-owner -C "$3"';
    await runShell(unpack, [join(downloads, file), inner, folder]);
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

/** Small, and made of nothing but numbers: to see that the benchmark runs. */
const generated: Recipe = {
  name: 'generated',
  commits: 40,
  fill: async (folder) => {
    for (let index = 0; index < 2000; index += 1) {
      const path = join(folder, `part-${index % 20}`, `file-${index}.txt`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, numbers(index, 200 + (index % 17) * 100));
    }
  },
};

/** Lines that compress about as well as source code. */
function numbers(seed: number, lines: number): string {
  let state = seed + 1;
  const line = (_: unknown, index: number): string => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    return `value ${index} = ${(state >>> 0).toString(16)}\n`;
  };
  return Array.from({ length: lines }, line).join('');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

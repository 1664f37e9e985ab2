/** Git repositories on this machine's disk, served under a name of the network. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { expect, test as base } from './fixtures.ts';

const execute = promisify(execFile);

export interface Upstream {
  readonly folder: string;
  /** Commits another file; gives the commit. */
  commit(file: string, content: string | Uint8Array): Promise<string>;
}

/** A repository with one commit, in a folder like the path of `name`. */
export async function makeUpstream(folder: string, name: string): Promise<Upstream> {
  const repository = join(folder, 'upstream', new URL(name).pathname);
  await mkdir(repository, { recursive: true });
  const git = async (...arguments_: readonly string[]): Promise<string> => {
    const identity = ['-c', 'user.name=Sluice', '-c', 'user.email=sluice@example.com'];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', HOME: folder };
    return (await execute('git', ['-C', repository, ...identity, ...arguments_], { env })).stdout.trim();
  };
  const commit = async (file: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(join(repository, file), content);
    await git('add', '--', file);
    await git('commit', '--quiet', `--message=${file}`);
    return git('rev-parse', 'HEAD');
  };
  await git('init', '--quiet', '--initial-branch=main');
  await commit('README.md', '# Project\n');
  return { folder: repository, commit };
}

interface RepositoryFixtures {
  /** Served as `projectName`; the server's rule allows all of the team's. */
  readonly upstream: Upstream;
}

export const projectName = 'https://git.example/team/project';

/** A server that may serve the team's repositories, of which there is one; nobody has asked for it yet. */
export const test = base.extend<RepositoryFixtures>({
  upstream: async ({ folder }, use) => {
    await use(await makeUpstream(folder, projectName));
  },
  flags: async ({ upstream }, use) => {
    const team = pathToFileURL(dirname(upstream.folder)).href;
    await use([
      '--repository',
      `https://git.example/team/*=${team}/*`,
      '--fetch-interval',
      '0',
      '--snapshot-interval',
      '0',
    ]);
  },
});

/** Goes to the view and adds the project, as people do. Resolves when its mirror is there. */
export async function addProject(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Repositories' }).click();
  await page.getByLabel('Repository', { exact: true }).fill('git.example/team/project');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(rowOf(page)).toContainText('fetched');
}

/** The project's row. */
export function rowOf(page: Page): Locator {
  return page.getByTestId('repository').filter({ hasText: 'team/project' });
}

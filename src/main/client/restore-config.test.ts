import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Git } from '#main/git/git.ts';
import { checkConfig } from './restore-config.ts';
import { upstream } from './restore.fixture.ts';

const never = new AbortController().signal;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-test-'));
  file = join(folder, 'tree', '.git', 'config');
  mkdirSync(join(folder, 'tree', '.git'), { recursive: true });
  writeFileSync(
    file,
    `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = true
[remote "origin"]
	url = ${upstream}
	fetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
	remote = origin
	merge = refs/heads/main
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const check = async () =>
  checkConfig(await Git.using(folder), { folder, tree: join(folder, 'tree'), upstream }, never);
const set = (...args: readonly string[]) => execFileSync('git', ['config', '--file', file, ...args]);

describe('the configuration of a restored clone', () => {
  it('may be what git clone writes', async () => {
    await expect(check()).resolves.toBeUndefined();
    set('extensions.objectFormat', 'sha256');
    set('core.ignorecase', 'true');
    set('remote.origin.url', `${upstream}.git`);
    set('branch.with.dots and spaces.remote', 'origin');
    await expect(check()).resolves.toBeUndefined();
  });

  it.each([
    'core.fsmonitor',
    'core.hookspath',
    'core.sshcommand',
    'core.worktree',
    'core.pager',
    'core.editor',
    'core.gitproxy',
    'core.askpass',
    'core.alternaterefscommand',
    'core.attributesfile',
    'filter.evil.smudge',
    'filter.evil.process',
    'diff.external',
    'diff.evil.textconv',
    'merge.evil.driver',
    'gpg.program',
    'alias.status',
    'credential.helper',
    'include.path',
    'includeif.gitdir:/.path',
    'remote.origin.uploadpack',
    'remote.origin.pushurl',
    'remote.origin.promisor',
    'remote.evil.url',
    'url.ext::sh.insteadof',
    'submodule.x.update',
    'extensions.worktreeconfig',
    'protocol.ext.allow',
    'http.proxy',
    'http.https://git.example/.sslverify',
    'core',
  ])('may not set %s', async (key) => {
    // git would not write this one, but reads it.
    if (key === 'core') writeFileSync(file, '[core]\n\tfsmonitor\n');
    else set(key, 'anything');
    await expect(check()).rejects.toMatchObject({
      code: 'STORE_MISBEHAVED',
      message: expect.stringMatching(
        /^the archive has a \.git\/config that sets ".*", which a fresh clone does not:/,
      ),
    });
  });

  it('may not hide a setting in an unusual way of writing it', async () => {
    writeFileSync(
      file,
      `[remote "origin"] url = ${upstream}\n[CORE] bare=false;x\n FsMonitor="touch \\\n x"\n`,
    );
    await expect(check()).rejects.toThrow('sets "core.fsmonitor"');
  });

  it.each([
    ['core.bare', 'true'],
    ['core.repositoryformatversion', '7'],
    ['branch.main.remote', 'ext::sh -c x'],
    ['branch.main.merge', '--upload-pack=x'],
    ['branch.main.merge', 'refs/heads/a\n[core]fsmonitor=x'],
    ['remote.origin.fetch', '+refs/heads/*:refs/heads/*'],
  ])('may not set %s to %j', async (key, value) => {
    set('--replace-all', key, value);
    await expect(check()).rejects.toThrow(`a .git/config that sets "${key}" to ${JSON.stringify(value)}`);
  });

  it('names one origin: the upstream', async () => {
    set('--add', 'remote.origin.url', upstream);
    await expect(check()).rejects.toThrow('does not name one origin');
    set('--replace-all', 'remote.origin.url', 'https://git.example/team/project/../other');
    await expect(check()).rejects.toThrow(`instead of ${upstream}`);
    set('--unset-all', 'remote.origin.url');
    await expect(check()).rejects.toThrow('does not name one origin');
  });

  it('is read where it stands, not where it points', async () => {
    set('include.path', join(folder, 'nowhere'));
    await expect(check()).rejects.toThrow('sets "include.path"');
  });
});

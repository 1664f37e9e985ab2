/**
 * Repositories of every kind, from the upstream through a server to the folder of who restores them: what comes out
 * is what a plain clone gives. Each is restored twice: as its snapshot grows, and from the store, in ranges.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { ruleOf } from '#main/snapshots/repositories.fixture.ts';
import { Team, type Project } from './repositories.fixture.ts';

let team: Team;
let server: TestServer;
beforeAll(async () => {
  team = new Team();
  server = await startTestServer({ repositories: [ruleOf(team.rule)] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  team[Symbol.dispose]();
});

interface Kind {
  readonly name: string;
  readonly kind: string;
  readonly initFlags?: readonly string[];
  readonly make: (project: Project) => void;
}

const long = 'n'.repeat(255);

const kinds: readonly Kind[] = [
  { name: 'one', kind: 'one commit', make: (project) => void project.commit({ 'README.md': 'hello\n' }) },
  {
    name: 'links',
    kind: 'symbolic links',
    make: (project) => {
      project.commit({ 'folder/file': 'content\n' });
      const links = { inner: 'folder/file', folders: 'folder', up: '../../outside', far: '/etc/hostname' };
      for (const [name, target] of Object.entries({ ...links, dangling: 'x'.repeat(300) }))
        symlinkSync(target, join(project.repository, name));
      project.commit({});
    },
  },
  {
    name: 'bits',
    kind: 'executable bits',
    make: (project) => {
      project.commit({ run: '#!/bin/sh\n', plain: 'text\n', 'bin/tool': 'tool\n', empty: '' });
      for (const name of ['run', 'bin/tool']) chmodSync(join(project.repository, name), 0o755);
      project.commit({});
    },
  },
  {
    name: 'names',
    kind: 'names that are not ASCII, very long, or odd',
    make: (project) => {
      const odd = ['Übung/日本語/наука 🎉.txt', `${long}/${long}/${long}/${long}`, '-rf', ' \t\n"\\\'$(x)*?'];
      project.commit(Object.fromEntries(odd.map((name) => [name, `${name}\n`])));
      // No text at all: the é of Latin-1.
      const latin = Buffer.concat([Buffer.from(`${project.repository}/caf`), Buffer.from([0xe9])]);
      writeFileSync(latin, 'latin\n');
      project.commit({ [`${'deep/'.repeat(150)}file`]: 'deep\n' });
    },
  },
  {
    name: 'sha256',
    kind: 'the SHA-256 object format',
    initFlags: ['--object-format=sha256'],
    make: (project) => expect(project.commit({ file: 'content\n' })).toHaveLength(64),
  },
  {
    name: 'detached',
    kind: 'a detached HEAD, on a commit of no branch',
    make: (project) => {
      const first = project.commit({ file: 'one' });
      project.commit({ file: 'two' });
      project.git(project.repository, 'checkout', '--quiet', first);
      project.commit({ file: 'three' });
    },
  },
];

/** Adds `inner` as a submodule, and commits it. */
function addSubmodule(project: Project, inner: Project): void {
  const add = ['submodule', '--quiet', 'add', `file://${inner.repository}`, 'modules/inner'];
  project.git(project.repository, ...anyFile, ...add);
  project.commit({ outer: 'outer\n' });
}
const anyFile = ['-c', 'protocol.file.allow=always'] as const;

/** Both ways of restoring end well, at the commit. */
async function restoreTwice(project: Project): Promise<void> {
  expect(await project.restore(server, 'cold')).toMatchObject({ code: 0, stderr: '' });
  expect(await project.restore(server, 'warm')).toMatchObject({ code: 0, stderr: '' });
}

describe('a restore gives what a plain clone gives', () => {
  it.each(kinds)('of $kind', async ({ name, initFlags = [], make }) => {
    const project = team.project(name, ...initFlags);
    make(project);
    const expected = project.plain();
    expect(expected).toMatchObject({ status: '', damage: '' });
    expect(expected.head).toBe(project.git(project.repository, 'rev-parse', 'HEAD'));
    await restoreTwice(project);
    expect(project.look('cold')).toEqual(expected);
    expect(project.look('warm')).toEqual(expected);
    expect(project.git(join(project.place, 'warm'), 'remote', 'get-url', 'origin')).toBe(project.url);
    expect(project.leftovers).toEqual(['cold', 'warm']);
  });

  it('of 5,000 files', async () => {
    const project = team.project('thousands');
    const names = Array.from({ length: 5000 }, (_, index) => `d${index % 97}/e${index % 7}/f${index}`);
    project.import(names.map((name) => [name, Buffer.from(`${name}\n`)]));
    expect(await project.restore(server)).toMatchObject({ code: 0, stderr: '' });
    expect(project.look()).toEqual(project.plain());
  });

  it('of submodules, which come with git submodule update', async () => {
    const [project, inner] = [team.project('outer'), team.project('inner')];
    inner.commit({ 'inner.txt': 'inner\n' });
    addSubmodule(project, inner);
    const expected = project.plain();
    await restoreTwice(project);
    expect([project.look('cold'), project.look('warm')]).toEqual([expected, expected]);
    const clone = join(project.place, 'warm');
    project.git(clone, ...anyFile, 'submodule', '--quiet', 'update', '--init');
    expect(project.git(join(clone, 'modules/inner'), 'show', 'HEAD:inner.txt')).toBe('inner');
    expect(project.git(clone, 'status', '--porcelain')).toBe('');
  });
});

describe('an empty repository', () => {
  it.each([
    ['does not exist', []],
    ['is an empty folder', ['clone']],
  ])('is refused in a sentence, and a target that %s stays that', async (_, entries) => {
    const project = team.project(`empty-${entries.length}`);
    for (const entry of entries) mkdirSync(join(project.place, entry));
    const { code, stdout, stderr } = await project.restore(server);
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^sluice: there is no snapshot of .*: .*has no commit yet: .*\n$/);
    expect(project.leftovers).toEqual(entries);
  });

  it('is restored as soon as it has a commit', async () => {
    const project = team.project('empty-at-first');
    expect(await project.restore(server)).toMatchObject({ code: 3 });
    project.commit({ file: 'first\n' });
    expect(await project.restore(server)).toMatchObject({ code: 0 });
    expect(project.look()).toEqual(project.plain());
  });
});

describe('between snapshot and restore', () => {
  /** A project with a snapshot of `noise` and one file, and its commit. */
  async function taken(name: string): Promise<{ readonly project: Project; readonly before: string }> {
    const project = team.project(name);
    project.commit({ noise: randomBytes(200_000) });
    const before = project.commit({ file: 'one\n' });
    expect(await project.sluice(server, 'snapshot', project.url)).toMatchObject({ code: 0 });
    return { project, before };
  }

  async function fetchAndRestore(project: Project): Promise<string> {
    expect(await project.sluice(server, 'mirror', 'fetch', project.url)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await project.restore(server, 'clone', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.toString();
  }

  it('commits were pushed: the clone ends at the last one', async () => {
    const { project } = await taken('pushed');
    project.commit({ file: 'two\n' });
    const head = project.commit({ 'more/file': 'three\n' });
    await fetchAndRestore(project);
    expect(project.look()).toEqual(project.plain());
    expect(project.look().head).toBe(head);
  });

  it('the default branch was renamed: the clone is on the new one, at its last commit', async () => {
    const { project } = await taken('renamed');
    project.git(project.repository, 'branch', '--move', 'main', 'trunk');
    const head = project.commit({ file: 'two\n' });
    await fetchAndRestore(project);
    expect(project.look()).toEqual(project.plain());
    expect(project.look()).toMatchObject({ head, branch: 'trunk' });
  });

  it('a force push removed the base: the clone is at the new commit, which is said', async () => {
    const { project, before } = await taken('forced');
    project.git(project.repository, 'reset', '--quiet', '--hard', 'HEAD~1');
    const head = project.commit({ file: 'another\n' });
    project.forget();
    const said = await fetchAndRestore(project);
    expect(said).toContain(`history was rewritten: ${before} is not in that of ${head}`);
    expect(project.look()).toEqual(project.plain());
    expect(project.look().head).toBe(head);
  });

  it('a force push removed everything: the clone is at the new commit', async () => {
    const { project } = await taken('orphaned');
    project.git(project.repository, 'checkout', '--quiet', '--orphan', 'other');
    project.git(project.repository, 'rm', '--quiet', '-r', '--force', '.');
    const head = project.commit({ other: 'unrelated\n' });
    project.git(project.repository, 'branch', '--move', '--force', 'other', 'main');
    project.forget();
    await fetchAndRestore(project);
    expect(project.look()).toEqual(project.plain());
    expect(project.look().head).toBe(head);
  });

  it('a force push removed a base that the mirror never had: the clone stays there, which is said', async () => {
    const project = team.project('never-seen');
    const first = project.commit({ file: 'one\n' });
    const base = project.commit({ file: 'two\n' });
    const publish = ['snapshot', project.repository, '--as', project.url];
    expect(await project.sluice(server, ...publish)).toMatchObject({ code: 0 });
    const expected = project.plain();
    project.git(project.repository, 'reset', '--quiet', '--hard', first);
    project.commit({ file: 'another\n' });
    project.forget();
    const said = await fetchAndRestore(project);
    expect(said).toContain(`the server knows no way from ${base} to the newest commit`);
    expect(project.look()).toEqual(expected);
  });
});

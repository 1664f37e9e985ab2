import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { never, Playground } from './git.fixture.ts';
import type { Git, GitProgress } from './git.ts';
import { Mirror } from './mirror.ts';

let playground: Playground;
let git: Git;
let upstream: string;
let folder: string;

beforeEach(async () => {
  playground = new Playground();
  git = await playground.sluiceGit();
  upstream = playground.repository('upstream');
  folder = playground.path('mirrors', 'host', 'mirror');
});

afterEach(() => playground[Symbol.dispose]());

const fetchUrl = () => `file://${upstream}`;
const clone = () => Mirror.clone(git, { folder, fetchUrl: fetchUrl() }, never);

describe('Mirror.open', () => {
  it('opens what was cloned, and nothing else', async () => {
    playground.commit(upstream, 'a', '1');
    await clone();
    await expect(Mirror.open(git, folder, fetchUrl(), never)).resolves.toBeInstanceOf(Mirror);
    await expect(Mirror.open(git, folder, 'https://other.example/x', never)).resolves.toBeUndefined();
    await expect(Mirror.open(git, `${folder}-none`, fetchUrl(), never)).resolves.toBeUndefined();
  });

  it('is not led astray by a repository in the folders above', async () => {
    playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'remote', 'add', 'origin', fetchUrl());
    mkdirSync(join(upstream, 'inside'));
    await expect(Mirror.open(git, join(upstream, 'inside'), fetchUrl(), never)).resolves.toBeUndefined();
  });

  it.each([
    ['HEAD is empty', 'truncate -s 0 HEAD'],
    ['HEAD is gone', 'rm HEAD'],
    ['the configuration is gone', 'rm config'],
    ['the configuration is cut off', 'truncate -s 40 config'],
    ['the refs are gone', 'rm -r refs packed-refs'],
    ['the objects are gone', 'rm -rf objects'],
    ['the packs are gone', 'rm -f objects/pack/*'],
    ['the pack is cut off', 'chmod -R u+w . && for p in objects/pack/*.pack; do truncate -s 20 "$p"; done'],
  ])('does not open it when %s', async (_, damage) => {
    playground.commit(upstream, 'a', '1');
    await clone();
    playground.run(folder, 'sh', '-c', damage);
    await expect(Mirror.open(git, folder, fetchUrl(), never)).resolves.toBeUndefined();
  });

  it('opens it, or knows that it is broken, at whatever moment git was killed', async () => {
    playground.commit(upstream, 'a', '1');
    await clone();
    for (const milliseconds of [5, 15, 25, 40, 60]) {
      for (const name of ['b', 'c']) playground.commit(upstream, name, randomBytes(300_000));
      playground.git(upstream, 'branch', '-f', `at-${milliseconds}`);
      const args = ['--git-dir=.', 'fetch', '--prune', '--force', 'origin', '+refs/heads/*:refs/heads/*'];
      const options = {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: playground.folder },
        detached: true,
        stdio: 'ignore',
      } as const;
      const child = spawn('git', args, options);
      await setTimeout(milliseconds);
      if (child.exitCode === null) {
        process.kill(-Number(child.pid), 'SIGKILL');
        await once(child, 'exit');
      }
      const mirror = await Mirror.open(git, folder, fetchUrl(), never);
      if (!mirror) await clone();
    }
    const mirror = await Mirror.open(git, folder, fetchUrl(), never);
    await mirror?.fetch(never);
    const refs = (where: string) => playground.git(where, 'for-each-ref');
    expect(refs(folder)).toBe(refs(upstream));
    expect(playground.git(folder, 'fsck', '--full', '--no-dangling')).toBe('');
  });

  it('removes what a killed git has left, and no branch that is called like it', async () => {
    playground.commit(upstream, 'a', '1');
    playground.git(upstream, 'branch', 'tmp_branch');
    playground.git(upstream, 'branch', 'x.keep');
    const mirror = await clone();
    playground.git(upstream, 'branch', 'tmp_later');
    await mirror.fetch(never);
    const left = ['HEAD.lock', 'packed-refs.lock', 'config.lock', 'refs/heads/main.lock', 'gc.pid'];
    const objects = ['objects/pack/tmp_pack_1', 'objects/pack/pack-1.keep', 'objects/tmp_obj_2'];
    for (const name of [...left, ...objects]) appendFileSync(join(folder, name), 'x');
    const again = await Mirror.open(git, folder, fetchUrl(), never);
    expect([...left, ...objects].filter((name) => existsSync(join(folder, name)))).toEqual([]);
    playground.commit(upstream, 'a', '2');
    await again?.fetch(never);
    const refs = (where: string) => playground.git(where, 'for-each-ref');
    expect(refs(folder)).toBe(refs(upstream));
  });
});

describe('the upkeep of a mirror', () => {
  it('puts packs together before there are many, and loses no object that a force push has left behind', async () => {
    playground.commit(upstream, 'a', '1');
    const mirror = await clone();
    const script = `for i in $(seq 24); do
      id=$(echo $i | git hash-object -w --stdin); echo $id
      echo $id | git pack-objects -q objects/pack/pack > /dev/null
    done`;
    const unreachable = playground.run(folder, 'sh', '-c', script).split('\n');
    playground.git(folder, 'prune-packed');
    const packs = () => readdirSync(join(folder, 'objects', 'pack')).filter((name) => name.endsWith('.pack'));
    expect(packs().length).toBeGreaterThan(20);
    await mirror.fetch(never);
    expect(packs().length).toBeLessThan(5);
    for (const id of unreachable) playground.git(folder, 'cat-file', '-e', id);
  });

  it('is cleaned once a week, and keeps for two weeks what nothing reaches', async () => {
    const base = playground.commit(upstream, 'a', '0');
    const mirror = await clone();
    playground.git(upstream, 'commit', '-q', '--amend', '--allow-empty', '-m', 'Other');
    const marker = join(folder, 'sluice-cleaned');
    playground.run(folder, 'touch', '-d', '8 days ago', marker);
    const phases: string[] = [];
    const watch = { onProgress: ({ phase }: GitProgress) => void phases.push(phase) };
    await mirror.fetch(never);
    await mirror.clean(never, watch);
    expect(phases).toContain('cleaning');
    await expect(mirror.hasCommit(base, never)).resolves.toBe(true);
    phases.length = 0;
    await mirror.clean(never, watch);
    expect(phases).not.toContain('cleaning');
    // Two weeks later.
    playground.run(folder, 'sh', '-c', 'find objects -type f -exec touch -d "15 days ago" {} +');
    playground.git(folder, '-c', 'gc.cruftPacks=true', 'gc', '-q', '--prune=now');
    await expect(mirror.hasCommit(base, never)).resolves.toBe(false);
  });
});

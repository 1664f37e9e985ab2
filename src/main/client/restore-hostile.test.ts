/** Archives that a server should not send: nothing of them gets outside, nothing is run, nothing is left. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { restoreFrom, serveSnapshot, Workshop } from './restore.fixture.ts';

let shop: Workshop;
/** What an attack would make. */
let trophy: string;

beforeAll(() => {
  shop = new Workshop();
  trophy = join(shop.folder, 'trophy');
  shop.commit({ 'README.md': 'hello\n', 'sub/file': 'x\n' });
});
afterEach(() => shop.clear());
afterAll(() => shop[Symbol.dispose]());

/** Why a restore of `archive` is refused; nothing is left of it. */
async function refusalOf(archive: Buffer): Promise<string> {
  await using server = await serveSnapshot({ archive });
  const error: unknown = await restoreFrom(server, shop).catch((error: unknown) => error);
  expect(error).toMatchObject({ name: 'SluiceError', code: 'STORE_MISBEHAVED' });
  expect(shop.leftovers).toEqual([]);
  expect(existsSync(trophy)).toBe(false);
  return (error as Error).message;
}

/** One tar header, and the member's content. */
function member(name: string, type = '0', content = '', link = ''): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write('0000755\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write(link, 157);
  header.write('ustar\u000000', 257);
  header.write('        ', 148);
  const sum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

function archiveOf(...members: readonly Buffer[]): Buffer {
  return compressed(Buffer.concat([...members, Buffer.alloc(1024)]));
}

const compressed = (bytes: Buffer) => execFileSync('zstd', ['-q', '-c'], { input: bytes });
const pax = (record: string) => member('./PaxHeaders/x', 'x', `${record.length + 4} ${record}\n`);

describe('an archive that leads outside is refused:', () => {
  it.each([
    ['absolute names', () => [member(trophy, '0', 'x')], 'reaches outside with'],
    ['..', () => [member('./a/../../../trophy', '0', 'x')], 'reaches outside with'],
    [
      '.. in a long name',
      () => [member('././@LongLink', 'L', '../trophy\0'), member('x', '0', 'x')],
      'reaches outside',
    ],
    ['.. in an extended header', () => [pax('path=../trophy'), member('x', '0', 'x')], 'reaches outside'],
    [
      'files behind a link',
      () => [member('./up', '2', '', '../..'), member('./up/trophy', '0', 'x')],
      'through a symbolic link',
    ],
    ['a hard link', () => [member('./h', '1', '', '/etc/passwd')], 'a hard link, "./h"'],
    ['a device', () => [member('./null', '3')], 'a device'],
    ['a pipe', () => [member('./pipe', '6')], 'a pipe'],
    ['a sparse file', () => [member('./sparse', 'S')], 'unknown kind'],
    ['a global header', () => [member('./g', 'g', '16 path=../trophy\n')], 'unknown kind'],
    ['a folder that is a link', () => [member('./', '2', '', '/etc')], 'replaces its own top folder'],
    [
      'a folder that hides content',
      () => [member('./d', '5', member('/x').toString('latin1'))],
      'wrong size',
    ],
    ['another size', () => [pax('size=-1'), member('x')], 'damaged'],
    ['sparse names', () => [pax('GNU.sparse.name=../trophy'), member('x')], 'not understood'],
  ] as const)('%s', async (_, members, why) => {
    expect(await refusalOf(archiveOf(...members()))).toMatch(why);
  });

  it('what GNU tar itself makes of such files', async () => {
    const folder = join(shop.folder, 'evil');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a'), 'x');
    linkSync(join(folder, 'a'), join(folder, 'b'));
    expect(await refusalOf(shop.pack(folder, '.'))).toMatch('a hard link');
    expect(await refusalOf(shop.pack(shop.repository, '-P', `${shop.repository}/README.md`))).toMatch(
      'reaches outside',
    );
  });

  it('and tar alone would not follow links either', () => {
    const tree = join(shop.folder, 'tree');
    mkdirSync(tree);
    const members = [member('./up', '2', '', '..'), member('./up/trophy', '0', 'x'), Buffer.alloc(1024)];
    const flags = ['--no-same-owner', '--no-same-permissions', '--keep-old-files', '-xf', '-'];
    const input = Buffer.concat(members);
    expect(() => execFileSync('tar', ['-C', tree, ...flags], { input, stdio: 'pipe' })).toThrow(
      'Command failed',
    );
    expect(existsSync(trophy)).toBe(false);
  });
});

describe('an archive that is none is refused:', () => {
  it.each([
    ['nothing', () => Buffer.alloc(0), 'damaged, or not compressed with zstd'],
    ['something else', () => Buffer.from('<html>'), 'damaged, or not compressed with zstd'],
    ['a compressed something', () => compressed(Buffer.alloc(2000, 'x')), 'wrong number'],
    [
      'a tar that ends in the middle',
      () => compressed(member('./a', '0', 'x')),
      'ends before it is complete',
    ],
    [
      'two archives',
      () => archiveOf(member('./a'), Buffer.alloc(1024), member('./b')),
      'goes on after its end',
    ],
    ['the same file twice', () => archiveOf(member('./a'), member('./a', '0', 'other')), ''],
    ['no repository', () => archiveOf(member('./a')), 'is not that of a git repository'],
  ] as const)('%s', async (name, archive, why) => {
    await using server = await serveSnapshot({ archive: archive() });
    const code = name === 'the same file twice' ? 'PROCESS_FAILED' : 'STORE_MISBEHAVED';
    const failure = restoreFrom(server, shop);
    await expect(failure).rejects.toMatchObject({ code });
    await expect(failure).rejects.toThrow(why);
    expect(shop.leftovers).toEqual([]);
  });

  it('a part of the archive', async () => {
    const { bytes } = await shop.archive();
    expect(await refusalOf(bytes.subarray(0, bytes.length - 1))).toMatch(
      'damaged, or not compressed with zstd',
    );
    expect(await refusalOf(bytes.subarray(0, bytes.length >> 1))).toMatch(
      'damaged, or not compressed with zstd',
    );
  });

  it('a working tree that is not that of its commit', async () => {
    const changed = await shop.changedArchive((clone) =>
      writeFileSync(join(clone, 'README.md'), 'other content\n'),
    );
    expect(await refusalOf(changed)).toMatch('has files that are not those of its commit');
    const lacking = await shop.changedArchive((clone) => rmSync(join(clone, 'README.md')));
    expect(await refusalOf(lacking)).toMatch('has files that are not those of its commit');
  });

  it('a repository without its objects', async () => {
    const broken = await shop.changedArchive((clone) => {
      rmSync(join(clone, '.git', 'objects'), { recursive: true });
      mkdirSync(join(clone, '.git', 'objects'));
    });
    expect(await refusalOf(broken)).toMatch('without a commit, or of a broken one');
  });

  it('another commit than the announced one', async () => {
    const { bytes, commit } = await shop.archive();
    const announced = '0'.repeat(40);
    await using server = await serveSnapshot({
      archive: bytes,
      headers: { 'x-cachew-snapshot-commit': announced },
    });
    await expect(restoreFrom(server, shop)).rejects.toMatchObject({
      code: 'STORE_MISBEHAVED',
      message: `the archive holds commit ${commit}, but the server announced ${announced}: nothing of it was kept`,
    });
    expect(shop.leftovers).toEqual([]);
  });
});

/** Adds a file below `.git` that makes the trophy when git runs it. */
const planted = (path: string) => (clone: string) => {
  const file = join(clone, '.git', path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\ntouch ${trophy}\n`);
  chmodSync(file, 0o755);
};

describe('a repository that git would run something of is refused:', () => {
  it.each([
    'hooks/post-checkout',
    'hooks/post-merge',
    'modules/sub/config',
    'worktrees/x/gitdir',
    'commondir',
    'config.worktree',
    'objects/info/alternates',
    'rebase-merge/git-rebase-todo',
    'info/attributes',
    'remotes/origin',
  ])('.git/%s', async (path) => {
    const archive = await shop.changedArchive(planted(path));
    expect(await refusalOf(archive)).toMatch(/holds "\.\/\.git\/.*", which a fresh clone does not have/);
  });

  it.each([
    ['another repository inside', (clone: string) => shop.git(clone, 'init', '--quiet', 'sub/inner')],
    ['.GIT', (clone: string) => mkdirSync(join(clone, '.GIT'))],
    ['.git with characters that are not seen', (clone: string) => mkdirSync(join(clone, '.g\u200cit'))],
    ['git~1', (clone: string) => mkdirSync(join(clone, 'git~1'))],
    [
      'a link for .git',
      (clone: string) => {
        rmSync(join(clone, '.git'), { recursive: true });
        symlinkSync(join(shop.repository, '.git'), join(clone, '.git'));
      },
    ],
    [
      'a link inside .git',
      (clone: string) => {
        rmSync(join(clone, '.git', 'config'));
        symlinkSync('../README.md', join(clone, '.git', 'config'));
      },
    ],
    [
      'a file for .git',
      (clone: string) => {
        rmSync(join(clone, '.git'), { recursive: true });
        writeFileSync(join(clone, '.git'), `gitdir: ${shop.repository}/.git\n`);
      },
    ],
  ] as const)('%s', async (_, change) => {
    expect(await refusalOf(await shop.changedArchive((clone) => void change(clone)))).toMatch(
      'which a fresh clone does not have',
    );
  });

  it('sample hooks are not run, and stay', async () => {
    const archive = await shop.changedArchive(planted('hooks/post-checkout.sample'));
    await using server = await serveSnapshot({ archive });
    await restoreFrom(server, shop);
    expect(readFileSync(join(shop.target, '.git', 'hooks', 'post-checkout.sample'), 'utf8')).toContain(
      'touch',
    );
    expect(existsSync(trophy)).toBe(false);
  });

  it('settings that run something', async () => {
    const archive = await shop.changedArchive(
      (clone) => void shop.git(clone, 'config', 'core.fsmonitor', `touch ${trophy}; false`),
    );
    expect(await refusalOf(archive)).toMatch(
      'a .git/config that sets "core.fsmonitor", which a fresh clone does not',
    );
  });

  it('another origin', async () => {
    const archive = await shop.changedArchive(
      (clone) => void shop.git(clone, 'remote', 'set-url', 'origin', 'https://evil.example/team/project'),
    );
    expect(await refusalOf(archive)).toMatch(
      'whose origin is "https://evil.example/team/project" instead of',
    );
  });

  it('a .git/config that cannot be read', async () => {
    const archive = await shop.changedArchive((clone) =>
      writeFileSync(join(clone, '.git', 'config'), '[core\n'),
    );
    await using server = await serveSnapshot({ archive });
    await expect(restoreFrom(server, shop)).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    expect(shop.leftovers).toEqual([]);
  });
});

describe('bits of files', () => {
  it('that give somebody rights do not come along', async () => {
    const archive = await shop.changedArchive((clone) => chmodSync(join(clone, 'README.md'), 0o6755));
    await using server = await serveSnapshot({ archive });
    const failure = restoreFrom(server, shop);
    await expect(failure).rejects.toThrow('has files that are not those of its commit');
    const plain = await shop.changedArchive((clone) => chmodSync(join(clone, 'README.md'), 0o6644));
    await using other = await serveSnapshot({ archive: plain });
    await restoreFrom(other, shop);
    expect(shop.run(shop.target, 'find', '.', '-perm', '/6000')).toBe('');
  });

  it('that would keep us out are refused', async () => {
    const archive = await shop.changedArchive((clone) => chmodSync(join(clone, 'sub'), 0o500));
    expect(await refusalOf(archive)).toMatch('holds the closed folder "./sub/"');
  });
});

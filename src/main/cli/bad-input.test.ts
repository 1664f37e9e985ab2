import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSluiceError } from '#shared/errors.ts';
import { parseServeFlags } from './serve-flags.ts';
import { sluice } from './testing.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const commands =
  'serve, put, get, stat, delete, mirror, snapshot, download, restore, token, requests, experiment, profile, record, incident, open, doctor, check';
const nowhere = 'http://127.0.0.1:1/x';

/** Arguments, and the one line that they get. */
const table: readonly (readonly [string, string | RegExp])[] = [
  ['', `a command is missing: allowed are ${commands}`],
  ['srve', `"srve" is not a command: allowed are ${commands}`],
  ['--nope', '--nope is not an option of "sluice": allowed are --version, --help'],
  [
    'serve --prot 1',
    /^--prot is not an option of "sluice serve": allowed are --host, --port, .*--json, --help$/,
  ],
  [
    'experiment --speed 1MiB,fast',
    /^--speed "1MiB,fast": allowed is up to 16 sizes from 64KiB to 4GiB with commas/,
  ],
  [
    'experiment --ceiling 200MiB',
    '--ceiling 200MiB would end Sluice too, which takes up to 288 MiB with its budget: allowed is 288MiB or more',
  ],
  ['experiment --budget 32MiB --chunk-size 16MiB', /^--budget 32MiB has room for 1 of the 4 chunks of 16MiB/],
  ['experiment --from nowhere.json', '--from nowhere.json: no such file or directory'],
  ['serve --port', '--port needs a value: allowed is a whole number from 0 to 65535'],
  ['serve --port abc', '--port "abc": allowed is a whole number from 0 to 65535'],
  ['serve --port=', '--port "": allowed is a whole number from 0 to 65535'],
  ['serve --data-dir --json', '--data-dir "--json": allowed is a folder that can be written'],
  [
    'serve --store ftp://x',
    '--store "ftp://x": allowed is embedded, file:///DIR, s3://BUCKET[/PREFIX] or http[s]://HOST[:PORT][/BASE] without user and password',
  ],
  [
    'serve --store https://me:secret@host/base',
    /^--store "https:\/\/…@host\/base": allowed is .* without user and password$/,
  ],
  ['serve --store http://host/base?x=1', /^--store "http:\/\/host\/base\?x=1": allowed is /],
  [
    'serve --data-dir /dev/null/x',
    '--data-dir "/dev/null/x" cannot be used (file already exists): allowed is a folder that can be written',
  ],
  ['serve extra', '"extra" is one argument too many: allowed is sluice serve'],
  [
    'serve --config nowhere.json',
    '--config "nowhere.json" cannot be read (no such file or directory): allowed is a JSON file of settings',
  ],
  [
    'serve --chunk-size 64MiB --memory-budget 64MiB',
    /^--memory-budget 64MiB has room for 0 of the 4 chunks of 64MiB that are needed: allowed is /,
  ],
  ['get', 'NAMESPACE is missing: allowed is sluice get NAMESPACE KEY [FILE]'],
  ['get a', 'KEY is missing: allowed is sluice get NAMESPACE KEY [FILE]'],
  ['get a b c d', '"d" is one argument too many: allowed is sluice get NAMESPACE KEY [FILE]'],
  ['get a/b c', 'namespace "a/b": allowed is letters, digits, _ and -, the first a letter or digit'],
  [
    'put a b nowhere',
    'FILE "nowhere" cannot be read (no such file or directory): allowed is a file that can be read, or -',
  ],
  ['put a b .', 'FILE "." is a folder: allowed is a file that can be read, or -'],
  ['put a b --ttl soon', '--ttl "soon": allowed is a duration above zero, like 1h30m'],
  ['put a b --header nope', '--header "nope": allowed is "Name: value"'],
  [
    'stat a b --server ftp://x',
    /^--server "ftp:\/\/x": allowed is an http:\/\/ or https:\/\/ URL without query, like /,
  ],
  ['snapshot', 'URL|DIRECTORY is missing: allowed is sluice snapshot URL|DIRECTORY'],
  ['snapshot --as https://a.b/c', 'URL|DIRECTORY is missing: allowed is sluice snapshot URL|DIRECTORY'],
  ['snapshot .', '--as is missing: allowed is https://HOST/PATH, like https://github.com/block/cachew'],
  [
    'snapshot https://a.b/c --as https://a.b/c',
    '--as goes with a DIRECTORY: allowed is sluice snapshot URL, or sluice snapshot DIRECTORY --as URL',
  ],
  [
    'snapshot http://a.b/c',
    'URL "http://a.b/c": allowed is https://HOST/PATH, like https://github.com/block/cachew',
  ],
  ['mirror', 'a command is missing: allowed are add, list, fetch, remove'],
  ['mirror ad', '"ad" is not a command: allowed are add, list, fetch, remove'],
  ['mirror add', 'URL is missing: allowed is sluice mirror add URL'],
  ['mirror fetch a.b/c', 'URL "a.b/c": allowed is https://HOST/PATH, like https://github.com/block/cachew'],
  ['mirror list all', '"all" is one argument too many: allowed is sluice mirror list'],
  [
    'mirror remove --force',
    '--force is not an option of "sluice mirror remove": allowed are --server, --token-file, --help',
  ],
  [
    'snapshot . --as a.b/c',
    '--as "a.b/c": allowed is https://HOST/PATH, like https://github.com/block/cachew',
  ],
  [
    'snapshot . --as https://a.b/c',
    'DIRECTORY "." is not a git repository: allowed is the top folder of a git repository with a commit',
  ],
  [`download ${nowhere}`, '--output is missing: allowed is a file'],
  ['download nope -o file', 'URL "nope": allowed is an http:// or https:// URL'],
  [`download ${nowhere} -o .`, '--output "." is a folder: allowed is a file in a folder that can be written'],
  [
    `download ${nowhere} -o file --concurrency 0`,
    '--concurrency "0": allowed is a whole number from 1 to 64',
  ],
  [
    `download ${nowhere} -o file --chunk-size 1`,
    '--chunk-size "1": allowed is a size from 64KiB to 64MiB, like 16MiB',
  ],
  ['token add', '--role is missing: allowed is viewer or operator'],
  ['token add --role admin', '--role "admin": allowed is viewer or operator'],
  ['token remove x', 'ID "x": allowed is what "sluice token list" shows, like 1a2b3c4d'],
  [
    'mirror list --token-file nowhere',
    '--token-file "nowhere" cannot be read (no such file or directory): allowed is a file with a token',
  ],
  ['requests --limit 0', '--limit "0": allowed is a whole number from 1 to 1000'],
  ['requests --har --follow', '--har is a whole: allowed is --har without --follow and --json'],
  ['doctor extra', '"extra" is one argument too many: allowed is sluice doctor'],
  ['doctor --window 0', '--window "0": allowed is a whole number from 1 to 64'],
];

describe('bad input', () => {
  it.concurrent.each(table)('sluice %s: exit code 2, one line, nothing else', async (line, message) => {
    const args = line === '' ? [] : line.split(' ');
    const { code, stdout, stderr } = await sluice(args, { cwd: folder });
    expect(stderr).toMatch(/^sluice: [^\n]+\n$/);
    const said = stderr.slice('sluice: '.length, -1);
    const isAsExpected = typeof message === 'string' ? said === message : message.test(said);
    expect({ said, isAsExpected }).toEqual({ said, isAsExpected: true });
    expect(stdout.toString()).toBe('');
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['SLUICE_PORT', 'abc', 'serve', 'a whole number from 0 to 65535'],
    [
      'SLUICE_URL',
      'nope',
      'stat a b',
      'an http:// or https:// URL without query, like http://127.0.0.1:7420',
    ],
  ])('in %s is named as such', async (variable, value, command, allowed) => {
    const { code, stderr } = await sluice(command.split(' '), { env: { [variable]: value } });
    expect(stderr).toBe(`sluice: ${variable} "${value}": allowed is ${allowed}\n`);
    expect(code).toBe(2);
  });
});

describe('help', () => {
  it.concurrent.each(['', 'serve', 'put', 'get', 'stat', 'delete', 'snapshot', 'download', 'doctor'])(
    'sluice %s --help teaches and exits with 0',
    async (command) => {
      const { code, stdout, stderr } = await sluice([...command.split(' ').filter(Boolean), '--help']);
      expect(stdout.toString()).toMatch(/^Usage: sluice .*(Example|First steps)/s);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    },
  );

  it('sluice --version', async () => {
    const { code, stdout } = await sluice(['--version']);
    expect(stdout.toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });
});

describe('failure', () => {
  it('is exit code 1 and one line that says what to do', async () => {
    const { code, stdout, stderr } = await sluice(['stat', 'a', 'b', '--server', 'http://127.0.0.1:1']);
    expect(stderr).toBe(
      'sluice: no server answers at http://127.0.0.1:1: start one with "sluice serve", or name another with --server\n',
    );
    expect(stdout.toString()).toBe('');
    expect(code).toBe(1);
  });

  it('of a download leaves no file', async () => {
    const file = join(folder, 'file');
    const { code, stderr } = await sluice(['download', nowhere, '-o', file]);
    expect(stderr).toBe('sluice: http://127.0.0.1:1 does not answer: nothing listens there\n');
    expect(code).toBe(1);
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('parseServeFlags', () => {
  it('gives what was given, by the names of the settings', () => {
    expect(parseServeFlags([])).toEqual({});
    expect(
      parseServeFlags([
        '--port',
        '0',
        '--chunk-size=1MiB',
        '--s3-path-style',
        '--no-demo',
        '--config',
        'c.json',
      ]),
    ).toEqual({ port: '0', chunkBytes: '1MiB', s3PathStyle: true, demo: false, config: 'c.json' });
  });

  it.each([['--help'], ['--prot'], ['extra']])(
    'throws INVALID_INPUT for %s, and prints nothing',
    (argument) => {
      const attempt = () => parseServeFlags([argument]);
      expect(attempt).toThrow(expect.toSatisfy((error: unknown) => isSluiceError(error, 'INVALID_INPUT')));
    },
  );
});

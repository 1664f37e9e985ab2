import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { never, Playground } from './git.fixture.ts';
import { Git, readTokens, type GitProgress } from './git.ts';

const token = 'sluice-test-token-0123';
let playground: Playground;
let folder: string;

beforeEach(() => {
  playground = new Playground();
  folder = playground.path('sluice');
  mkdirSync(folder);
  vi.stubEnv('HOME', playground.folder);
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
});

afterEach(() => {
  vi.unstubAllEnvs();
  playground[Symbol.dispose]();
});

/** Gives the user a configuration of git. */
function configure(text: string): void {
  const path = playground.path('user-gitconfig');
  writeFileSync(path, text);
  vi.stubEnv('GIT_CONFIG_GLOBAL', path);
}

/** What git would log in with at `host`. */
async function askFor(git: Git, protocol: string, host: string): Promise<string> {
  const program = git.start(folder, ['credential', 'fill'], never);
  program.input.end(`protocol=${protocol}\nhost=${host}\n\n`);
  const pieces: string[] = [];
  for await (const piece of program.output.setEncoding('utf8')) pieces.push(String(piece));
  await program.finished;
  return pieces.join('');
}

/** An HTTP server for the length of a test. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, [Symbol.dispose]: () => server.close().closeAllConnections() };
}

describe('credentials', () => {
  it("asks the user's helpers, with what is special in them", async () => {
    configure(
      String.raw`[credential "https://one.example"]
	helper = "!f() { echo username=me; echo \"password=\\\"q$((1+1))\"; }; f"
[credential]
	username = everybody`,
    );
    const git = await Git.create({ folder });
    await expect(askFor(git, 'https', 'one.example')).resolves.toMatch(/username=me\npassword="q2\n/);
    await expect(askFor(git, 'https', 'two.example')).rejects.toMatchObject({
      code: 'PROCESS_FAILED',
      message: expect.stringContaining('terminal prompts disabled') as string,
    });
  });

  it("does not take over the user's other settings", async () => {
    configure('[alias]\n\thi = version\n[credential]\n\thelper = cache\n');
    await Git.create({ folder });
    const text = readFileSync(`${folder}/gitconfig`, 'utf8');
    expect(text).toContain('helper = "cache"');
    expect(text).not.toContain('alias');
    expect(statSync(`${folder}/gitconfig`).mode & 0o777).toBe(0o600);
  });

  it("gives a token to its host alone, and never to the user's helpers", async () => {
    const told = playground.path('told');
    configure(`[credential]\n\thelper = "!f() { cat >> ${told}; }; f"\n`);
    const git = await Git.create({ folder, tokens: new Map([['one.example', token]]) });
    const answer = await askFor(git, 'https', 'one.example');
    expect(answer).toContain(`username=x-access-token\npassword=${token}\n`);
    const program = git.start(folder, ['credential', 'approve'], never);
    program.input.end(`${answer}\n`);
    await program.finished;
    expect(() => readFileSync(told)).toThrow('ENOENT');
    await expect(askFor(git, 'https', 'one.example.evil')).rejects.toThrow('could not read Username');
    await expect(askFor(git, 'http', 'one.example')).rejects.toThrow('could not read Username');
  });

  it('keeps tokens off disk', async () => {
    await Git.create({ folder, tokens: new Map([['one.example', token]]) });
    expect(() => execFileSync('grep', ['-r', '-q', '--', token, playground.folder])).toThrow(
      'Command failed',
    );
  });

  it('logs in to a server with the token, and does not say it when that is refused', async () => {
    const seen: (string | undefined)[] = [];
    using server = await serve((request, response) => {
      seen.push(request.headers.authorization);
      const isRight = request.headers.authorization !== undefined;
      response.writeHead(isRight ? 403 : 401, { 'WWW-Authenticate': 'Basic realm="x"' });
      response.end(`no ${token}`);
    });
    const git = await Git.create({ folder, tokens: new Map([[server.host, token]]) });
    const lines: string[] = [];
    const url = `http://${server.host}/team/project`;
    const asked = git.run(folder, ['ls-remote', '--', url], never, {
      onLine: (line) => void lines.push(line),
    });
    await expect(asked).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    expect(seen).toEqual([undefined, `Basic ${btoa(`x-access-token:${token}`)}`]);
    expect(lines.join('\n')).toContain('403');
    expect(lines.join('\n')).not.toContain(token);
  });

  it('does not follow a redirect to another host with a token', async () => {
    const seen: (string | undefined)[] = [];
    using elsewhere = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
    });
    using server = await serve((request, response) => {
      response.writeHead(302, { Location: `http://${elsewhere.host}${request.url}` }).end();
    });
    const git = await Git.create({ folder, tokens: new Map([[server.host, token]]) });
    await expect(git.run(folder, ['ls-remote', '--', `http://${server.host}/p`], never)).rejects.toThrow(
      'could not read Username',
    );
    expect(seen).toEqual([undefined]);
  });
});

describe('readTokens', () => {
  it('reads hosts and tokens', async () => {
    const file = playground.path('tokens');
    writeFileSync(file, '# who\n\ngithub.com  abc\r\nGit.Example:8443\tdef\n');
    await expect(readTokens(file)).resolves.toEqual(
      new Map([
        ['github.com', 'abc'],
        ['git.example:8443', 'def'],
      ]),
    );
  });

  it.each([
    ['github.com', 'line 1 of FILE is not a host and one token'],
    ['ok.example a\ngithub.com secret b', 'line 2 of FILE is not a host and one token'],
    ['https://github.com/ secret', 'line 1 of FILE does not begin with a host name'],
    ['a.example secret\nA.example secret', 'line 2 of FILE names A.example again'],
  ])('refuses %j', async (text, why) => {
    const file = playground.path('tokens');
    writeFileSync(file, text);
    const failure = await readTokens(file).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({
      code: 'INVALID_INPUT',
      message: `--upstream-token-file: ${why.replace('FILE', file)}: allowed are lines HOST TOKEN, each host once`,
    });
  });

  it('says that there is no such file', async () => {
    await expect(readTokens('/no/such')).rejects.toThrow('/no/such cannot be read (ENOENT)');
  });
});

describe('Git', () => {
  it.each(['ext::sh -c "touch ran"', 'git://127.0.0.1/x', 'ftp://127.0.0.1/x', 'fd::3'])(
    'does not fetch from %s',
    async (url) => {
      const git = await Git.using(folder);
      await expect(git.run(folder, ['ls-remote', '--', url], never)).rejects.toThrow(
        /transport '.*' not allowed/,
      );
      expect(() => readFileSync(`${folder}/ran`)).toThrow('ENOENT');
    },
  );

  it('refuses a password in a URL, and does not repeat it', async () => {
    const git = await Git.using(folder);
    const failure = git.run(folder, ['ls-remote', '--', 'http://me:hunter2@127.0.0.1:1/x'], never);
    await expect(failure).rejects.toThrow('uses plaintext credentials');
    await expect(failure).rejects.not.toThrow('hunter2');
  });

  it('runs no hooks', async () => {
    const repository = playground.repository('hooked');
    playground.commit(repository, 'a', '1');
    writeFileSync(`${repository}/.git/hooks/post-checkout`, '#!/bin/sh\ntouch ran\n', { mode: 0o755 });
    const git = await Git.using(folder);
    await git.run(repository, ['checkout', '--quiet', '-b', 'other'], never);
    expect(() => readFileSync(`${repository}/ran`)).toThrow('ENOENT');
  });

  it('shows what git says while it works', async () => {
    const repository = playground.repository('seen');
    playground.commit(repository, 'a', '1');
    const git = await Git.using(folder);
    const seen: GitProgress[] = [];
    const args = ['clone', '--progress', '--bare', '--', `file://${repository}`, playground.path('clone')];
    await git.run(folder, args, never, { onProgress: (progress) => void seen.push(progress) });
    expect(seen).toContainEqual({ phase: 'counting objects', done: 3, total: 3 });
    expect(seen.map(({ phase }) => phase)).toContain('receiving objects');
  });

  it("says with ssh's words why a repository cannot be read", async () => {
    const git = await Git.using(folder, { GIT_SSH_COMMAND: 'echo Permission denied. >&2; false' });
    await expect(git.run(folder, ['ls-remote', '--', 'ssh://git@git.example/x'], never)).rejects.toThrow(
      'git ls-remote failed (exit code 128): Permission denied. (Could not read from remote repository.)',
    );
  });

  it('never asks over ssh, and has the agent', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/the/agent');
    const bin = playground.path('bin');
    mkdirSync(bin);
    writeFileSync(`${bin}/ssh`, '#!/bin/sh\necho "$SSH_AUTH_SOCK $*" >&2\nexit 1\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
    const git = await Git.create({ folder });
    await expect(git.run(folder, ['ls-remote', '--', 'ssh://git@git.example/x'], never)).rejects.toThrow(
      /\/the\/agent -o BatchMode=yes -o ConnectTimeout=20 .* git@git\.example/,
    );
  });
});

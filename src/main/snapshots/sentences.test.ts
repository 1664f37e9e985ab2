import { describe, expect, it } from 'vitest';
import { SluiceError } from '#shared/errors.ts';
import { explainGit } from './sentences.ts';

const https = { fetchUrl: 'https://github.com/block/cachew', repository: 'block/cachew' };
const failed = (why: string) => new SluiceError('PROCESS_FAILED', `git clone failed (exit code 128): ${why}`);

describe('explainGit', () => {
  it.each([
    [
      "fatal: Authentication failed for 'https://github.com/block/cachew/'",
      'github.com refused: authentication failed; add a token with --upstream-token-file',
    ],
    [
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
      'github.com refused: authentication failed; add a token with --upstream-token-file',
    ],
    [
      "fatal: repository 'https://github.com/block/cachew/' not found",
      'github.com has no repository block/cachew, or shows it only with a token (--upstream-token-file)',
    ],
    [
      "fatal: unable to access 'https://github.com/': Could not resolve host: github.com",
      'github.com cannot be reached: there is no such host, or no name server answers',
    ],
    [
      "fatal: unable to access 'https://github.com/': Failed to connect to github.com port 443",
      'github.com cannot be reached: it takes no connection',
    ],
    [
      "fatal: unable to access 'https://github.com/': SSL certificate problem: self-signed certificate",
      'github.com cannot be trusted: its certificate is not good for this machine',
    ],
    ['fatal: early EOF', 'github.com broke off, or took too long: it will be asked again'],
    [
      'fatal: write error: No space left on device',
      'the disk of the data folder is full: make room, or name another with --data-dir',
    ],
    [
      'fatal: write error: File too large',
      'the disk of the data folder takes no file that large: raise the limit (ulimit -f), or name another with --data-dir',
    ],
  ])('says what %s means', (why, sentence) => {
    expect(explainGit(failed(why), [], https).message).toBe(sentence);
  });

  it('finds in the log what the last line does not say', () => {
    const lines = [
      'git@host: Permission denied (publickey).',
      'fatal: Could not read from remote repository.',
    ];
    const error = failed('fatal: Could not read from remote repository.');
    expect(explainGit(error, lines, { ...https, fetchUrl: 'ssh://git@host/cachew' }).message).toBe(
      "host refused the SSH key: check the keys and known hosts of the server's user",
    );
  });

  it('knows a full disk by its cause', () => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const error = new SluiceError('STORE_UNAVAILABLE', 'writing', { cause });
    expect(explainGit(error, [], https).message).toMatch(/^the disk of the data folder is full/);
  });

  it.each([
    ['STORE_UNAVAILABLE', 'the store cannot be reached: try again when it can'],
    ['STORE_STALLED', 'the store does not answer: try again when it does'],
  ] as const)('says what the store did, not which request it was: %s', (code, message) => {
    const error = new SluiceError(code, 'writing part 1 of 8b/8bf6: read ECONNRESET');
    expect(explainGit(error, [], https)).toMatchObject({ code, message, cause: error });
  });

  it('leaves alone what says already what it is', () => {
    const error = new SluiceError('TOO_LARGE', 'the store holds at most 1 GiB');
    expect(explainGit(error, ['fatal: early EOF'], https)).toBe(error);
    expect(explainGit(failed('odd'), [], https).message).toBe('git clone failed (exit code 128): odd');
    expect(explainGit(new Error('odd'), [], https)).toMatchObject({ code: 'PROCESS_FAILED', message: 'odd' });
  });
});

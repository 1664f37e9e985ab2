/**
 * Who logs in to upstreams: git's own credential helpers as the user has set them up, and tokens by host. A token is
 * never in an argument, a URL or a file of ours: it is in an environment variable of the git process, and the helper
 * for its host, a line of shell, reads it from there.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { SluiceError } from '#shared/errors.ts';
import type { Setting } from './configuration.ts';
import { isRefusal, runProgram } from './process.ts';

const hostPattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;
const loopbackPattern = /^(?:localhost|127\.\d+\.\d+\.\d+)(?::\d+)?$/;
const lookTimeoutMilliseconds = 30_000;

/**
 * The tokens in `file`, by host: lines `HOST TOKEN`; empty lines and lines that begin with `#` mean nothing.
 * @throws SluiceError INVALID_INPUT, which names file and line and never the token
 */
export async function readTokens(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw refuse(`${file} cannot be read (${code})`, error);
  });
  const tokens = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [host = '', token, ...more] = line.trim().split(/\s+/);
    const where = `line ${index + 1} of ${file}`;
    if (!hostPattern.test(host.toLowerCase())) throw refuse(`${where} does not begin with a host name`);
    if (token === undefined || more.length > 0) throw refuse(`${where} is not a host and one token`);
    if (tokens.has(host.toLowerCase())) throw refuse(`${where} names ${host} again`);
    tokens.set(host.toLowerCase(), token);
  }
  return tokens;
}

function refuse(what: string, cause?: unknown): SluiceError {
  const allowed = 'allowed are lines HOST TOKEN, each host once';
  return new SluiceError('INVALID_INPUT', `--upstream-token-file: ${what}: ${allowed}`, { cause });
}

/** What git needs in order to log in with `tokens`. */
export interface TokenAccess {
  readonly settings: readonly Setting[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Helpers that know `tokens`. Each is the only one for its host: the user's own helpers are not asked there, and,
 * more important, not told, since git hands what has worked to every helper, to be stored. Over plain HTTP a token is
 * sent to this machine only.
 */
export function tokenAccess(tokens: ReadonlyMap<string, string>): TokenAccess {
  const entries = [...tokens].map(([host, token], index) => ({ host, token, name: `SLUICE_TOKEN_${index}` }));
  const settings = entries.flatMap(({ host, name }) => {
    // `printf` is built into the shell: no process list shows its arguments.
    const answer = `printf 'username=x-access-token\\npassword=%s\\n' "$${name}"`;
    const helper = `!f() { test "$1" = get && ${answer}; :; }; f`;
    const schemes = loopbackPattern.test(host) ? ['https', 'http'] : ['https'];
    return schemes.flatMap((scheme) => {
      const key = `credential.${scheme}://${host}.helper`;
      return [
        { key, value: '' },
        { key, value: helper },
      ];
    });
  });
  return { settings, env: Object.fromEntries(entries.map(({ name, token }) => [name, token])) };
}

/**
 * The `credential.*` settings that git has for whoever runs Sluice, the system's included, in their order.
 * @throws SluiceError PROCESS_FAILED, ABORTED
 */
export async function userCredentialSettings(signal: AbortSignal): Promise<readonly Setting[]> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_CONFIG'].includes(name) ? [] : [[name, value]],
  );
  const options = {
    env: Object.fromEntries(inherited) as Record<string, string>,
    // Not in a repository, whose own settings are not the user's.
    cwd: parse(process.cwd()).root,
    timeoutMilliseconds: lookTimeoutMilliseconds,
  };
  const args = ['config', '--null', '--get-regexp', String.raw`^credential\.`];
  const output = await runProgram('git', args, options, signal).catch((error: unknown) => {
    // That is how git says that there are none.
    if (isRefusal(error, 1)) return '';
    throw error;
  });
  return output.split('\0').filter(Boolean).map(readSetting);
}

function readSetting(entry: string): Setting {
  const end = entry.indexOf('\n');
  return end < 0
    ? { key: entry, value: undefined }
    : { key: entry.slice(0, end), value: entry.slice(end + 1) };
}

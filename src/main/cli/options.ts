/** Options whose values are checked where they are read, with what is allowed said in the same words everywhere. */
import { Option } from 'commander';
import { readFileSync } from 'node:fs';
import { isToken } from '#main/access/tokens.ts';
import { ServerUrl } from '#main/client/server-url.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatExactBytes, parseBytes } from '#shared/units.ts';

/** An option that takes a value, and knows in words which. */
export class ValueOption<T> extends Option {
  readonly allowed: string;

  /** `parse` gives `undefined` for what is not allowed. */
  constructor(
    flags: string,
    help: string,
    allowed: string,
    parse: (text: string, previous?: T) => T | undefined,
  ) {
    super(flags, help);
    this.allowed = allowed;
    this.argParser((text, previous) => {
      // Commander takes whatever comes next; an option there means that the value was forgotten.
      const parsed = text.startsWith('--') ? undefined : parse(text, previous as T | undefined);
      if (parsed === undefined) throw badValue(this.long ?? flags, text, allowed);
      return parsed;
    });
  }
}

/** `NAME "value": allowed is …`: the form of every complaint about input. */
export function badValue(name: string, value: unknown, allowed: string): SluiceError {
  return new SluiceError('INVALID_INPUT', `${name} ${quoted(value)}: allowed is ${allowed}`);
}

/** `--server`, with what holds when it is not given. */
export function serverOption(): Option {
  const help = 'server to talk to (default: SLUICE_URL, then http://127.0.0.1:7420)';
  return new ValueOption('--server <URL>', help, allowedServer, parseServer);
}

/** `--token-file`: a token is never an argument, because others on the machine can see those. */
export function tokenFileOption(): Option {
  const help = 'file with the token for the server (default: SLUICE_TOKEN, then none)';
  return new ValueOption('--token-file <FILE>', help, 'a file that can be read', (text) => text);
}

/** What `serverOption` and `tokenFileOption` gave. */
export interface ServerFlags {
  readonly server?: URL;
  readonly tokenFile?: string;
}

/** The server to talk to, with the token for it. @throws SluiceError INVALID_INPUT when one of them is wrong */
export function operatedServer({ server, tokenFile }: ServerFlags, env: NodeJS.ProcessEnv): URL {
  return new ServerUrl(serverOf(server, env), tokenFrom(tokenFile, env['SLUICE_TOKEN']));
}

const allowedToken = 'a token as "sluice token add" shows it, slu_…';

function tokenFrom(file: string | undefined, variable: string | undefined): string | undefined {
  if (file === undefined && (variable ?? '') === '') return undefined;
  const name = file === undefined ? 'SLUICE_TOKEN' : `--token-file ${quoted(file)}`;
  const token = file === undefined ? (variable ?? '') : readToken(file);
  // What it holds instead is not told: it may be a secret of somebody else.
  if (!isToken(token.trim()))
    throw new SluiceError('INVALID_INPUT', `${name} has no token: allowed is ${allowedToken}`);
  return token.trim();
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SluiceError(
      'INVALID_INPUT',
      `--token-file ${quoted(file)} cannot be read (${systemReason(error)}): allowed is a file with a token`,
      { cause: error },
    );
  }
}

/** The server to talk to. @throws SluiceError INVALID_INPUT when SLUICE_URL is wrong */
export function serverOf(option: URL | undefined, env: NodeJS.ProcessEnv): URL {
  if (option) return option;
  const text = env['SLUICE_URL'] ?? '';
  if (text === '') return new URL('http://127.0.0.1:7420');
  const url = parseServer(text);
  if (!url) throw badValue('SLUICE_URL', text, allowedServer);
  return url;
}

/** An http:// or https:// URL. */
export function parseHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

const allowedServer = 'an http:// or https:// URL without query, like http://127.0.0.1:7420';

function parseServer(text: string): URL | undefined {
  const url = parseHttpUrl(text);
  return url && url.search === '' && url.hash === '' && url.username === '' ? url : undefined;
}

/** A whole number from `minimum` to `maximum`. */
export function wholeOption(
  flags: string,
  help: string,
  [minimum, maximum]: readonly [number, number],
): Option {
  return new ValueOption(flags, help, `a whole number from ${minimum} to ${maximum}`, (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= minimum && number <= maximum ? number : undefined;
  });
}

/** A size from `minimum` to `maximum` bytes. */
export function sizeOption(
  flags: string,
  help: string,
  [minimum, maximum]: readonly [number, number],
): Option {
  const allowed = `a size from ${formatExactBytes(minimum)} to ${formatExactBytes(maximum)}, like 16MiB`;
  return new ValueOption(flags, help, allowed, (text) => {
    const bytes = parseBytes(text);
    return bytes !== undefined && bytes >= minimum && bytes <= maximum ? bytes : undefined;
  });
}

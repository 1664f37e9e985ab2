/**
 * Runs git the same way on every machine: no configuration but ours, no prompts, messages in English, and nothing
 * inherited from a surrounding git command (hooks set GIT_DIR).
 */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationText, type Setting } from './configuration.ts';
import { tokenAccess, userCredentialSettings } from './credentials.ts';
import { runProgram, startProgram, type Program } from './process.ts';
import { tell, type GitWatch } from './progress.ts';

export { readTokens } from './credentials.ts';
export type { GitProgress, GitWatch } from './progress.ts';

export interface GitOptions {
  /** Where its configuration file is written; outlives the instance. */
  readonly folder: string;
  /** Tokens by host (`host[:port]`). */
  readonly tokens?: ReadonlyMap<string, string>;
  /** More of the environment. */
  readonly extra?: Readonly<Record<string, string>>;
}

const inherited = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'] as const;

/** What ssh, credential helpers and libcurl find their agents, files and proxies by. */
const inheritedForUpstreams = [
  'USER',
  'LOGNAME',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()]),
];

const clean: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  // Above all not `ext::`, which runs a command that the URL names.
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
  // Nobody is there to answer. An empty GIT_ASKPASS asks nobody, and sends no empty password either.
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GCM_INTERACTIVE: 'never',
  GIT_SSH_COMMAND:
    'ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=20 -o ServerAliveCountMax=6',
};

const timeoutMilliseconds = 10 * 60 * 1000;

/** The environment for tar and zstd. */
export function plainEnvironment(): Record<string, string> {
  // Without COPYFILE_DISABLE, macOS's tar adds files of its own.
  return { ...kept(inherited), LC_ALL: 'C', COPYFILE_DISABLE: '1' };
}

function kept(names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return Object.fromEntries(found);
}

/** git, with its configuration in a folder of the caller's. */
export class Git {
  readonly #env: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];

  private constructor(env: Readonly<Record<string, string>>, secrets: readonly string[]) {
    this.#env = env;
    this.#secrets = secrets;
  }

  /** git that logs in nowhere. Writes the configuration into `folder`, which has to outlive the instance. */
  static async using(folder: string, extra: Readonly<Record<string, string>> = {}): Promise<Git> {
    return Git.#with({ folder, extra }, [], {});
  }

  /**
   * git that may talk to upstreams: with the credential helpers of whoever runs Sluice, and with `tokens`.
   * @throws SluiceError PROCESS_FAILED when git cannot be run
   */
  static async create(options: GitOptions): Promise<Git> {
    const tokens = tokenAccess(options.tokens ?? new Map());
    const settings = await userCredentialSettings(AbortSignal.timeout(timeoutMilliseconds));
    const env = { ...kept(inheritedForUpstreams), ...tokens.env };
    return Git.#with(options, [...settings, ...tokens.settings], env, [...(options.tokens?.values() ?? [])]);
  }

  static async #with(
    { folder, extra }: GitOptions,
    settings: readonly Setting[],
    env: Readonly<Record<string, string>>,
    secrets: readonly string[] = [],
  ): Promise<Git> {
    const path = join(folder, 'gitconfig');
    // The user's helpers may have secrets of their own in their settings.
    await writeFile(path, configurationText(settings), { mode: 0o600 });
    await chmod(path, 0o600);
    return new Git({ ...plainEnvironment(), ...env, ...clean, GIT_CONFIG_GLOBAL: path, ...extra }, secrets);
  }

  /**
   * Runs one command in `cwd` and returns its trimmed output, at most 1 MiB. Ended after ten minutes, unless `watch`
   * says otherwise.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  async run(
    cwd: string,
    args: readonly string[],
    signal: AbortSignal,
    watch: GitWatch & { readonly timeoutMilliseconds?: number } = {},
  ): Promise<string> {
    const options = { timeoutMilliseconds, ...watch, ...this.#options(cwd, watch) };
    return (await runProgram('git', args, options, signal)).trim();
  }

  /** Starts one command in `cwd`, for its input and output as they come. */
  start(cwd: string, args: readonly string[], signal: AbortSignal, watch: GitWatch = {}): Program {
    return startProgram('git', args, this.#options(cwd, watch), signal);
  }

  #options(cwd: string, watch: GitWatch) {
    const onLine = (line: string) => tell(watch, line);
    return { cwd, env: this.#env, secrets: this.#secrets, onLine };
  }
}

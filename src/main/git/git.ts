/**
 * Runs git the same way on every machine: no configuration but ours, no prompts, messages in English, and nothing
 * inherited from a surrounding git command (hooks set GIT_DIR).
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './process.ts';

/**
 * `safe.directory`: the folder is the one that the user named. No reflogs: they would carry local paths and names
 * into archives. No background maintenance: it would outlive the command.
 */
const configuration = `[safe]
	directory = *
[core]
	logAllRefUpdates = false
[init]
	defaultBranch = main
[advice]
	detachedHead = false
[gc]
	auto = 0
[maintenance]
	auto = false
[user]
	name = Sluice
	email = sluice@localhost
`;

const inherited = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'] as const;
const timeoutMilliseconds = 10 * 60 * 1000;

/** The environment for tar and zstd. */
export function plainEnvironment(): Record<string, string> {
  const kept = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  // Without COPYFILE_DISABLE, macOS's tar adds files of its own.
  return { ...Object.fromEntries(kept), LC_ALL: 'C', COPYFILE_DISABLE: '1' };
}

/** git, with its configuration in a folder of the caller's. */
export class Git {
  readonly #env: Readonly<Record<string, string>>;

  private constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  /** Writes the configuration into `folder`, which has to outlive the instance. */
  static async using(folder: string, extra: Readonly<Record<string, string>> = {}): Promise<Git> {
    const path = join(folder, 'gitconfig');
    await writeFile(path, configuration);
    return new Git({
      ...plainEnvironment(),
      GIT_CONFIG_GLOBAL: path,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_LFS_SKIP_SMUDGE: '1',
      ...extra,
    });
  }

  /**
   * Runs one command in `cwd` and returns its trimmed output. Ended after ten minutes.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  async run(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string> {
    const output = await runProgram('git', args, { cwd, env: this.#env, timeoutMilliseconds }, signal);
    return output.trim();
  }
}

/**
 * git inside a restored tree. Nothing in there may make it run anything: the settings below stand above those of the
 * repository. Files count as unchanged when size and time of modification are those in the index, because everything
 * else about a file changes when it is extracted; so git need not read the whole tree.
 */
import { runProgram } from '#main/git/process.ts';
import { Git } from '#main/git/git.ts';
import { isSluiceError } from '#shared/errors.ts';

const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.checkStat=minimal',
  'core.trustctime=false',
  'core.logAllRefUpdates=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'diff.ignoreSubmodules=all',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

/** What would lead git to another repository than the restored one. */
const misleading = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

export class TreeGit {
  readonly #git: Git;
  readonly tree: string;

  private constructor(git: Git, tree: string) {
    this.#git = git;
    this.tree = tree;
  }

  /** git for the clone in `tree`, with its own configuration in `folder`, which is above. */
  static async open(
    folder: string,
    tree: string,
  ): Promise<{ readonly outside: Git; readonly inside: TreeGit }> {
    // Should the tree be no repository, git must not take the one around it.
    const git = await Git.using(folder, { GIT_CEILING_DIRECTORIES: folder });
    return { outside: git, inside: new TreeGit(git, tree) };
  }

  /** Runs one command and returns its trimmed output. @throws SluiceError PROCESS_FAILED, ABORTED */
  run(args: readonly string[], signal: AbortSignal): Promise<string> {
    return this.#git.run(this.tree, [...settings, ...args], signal);
  }

  /** As `run`, but `undefined` when the command says no. @throws SluiceError ABORTED */
  async ask(args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.run(args, signal);
    } catch (error) {
      if (isSluiceError(error, 'PROCESS_FAILED')) return undefined;
      throw error;
    }
  }

  /** As `run`, with the user's own configuration: credentials, proxies, other names for hosts. Never asks anything. */
  async runAsUser(args: readonly string[], signal: AbortSignal): Promise<string> {
    const inherited = Object.entries(process.env).filter(([name]) => !misleading.has(name));
    const env = {
      ...(Object.fromEntries(inherited) as Record<string, string>),
      GIT_TERMINAL_PROMPT: '0',
      GCM_INTERACTIVE: 'never',
      LC_ALL: 'C',
    };
    const options = { cwd: this.tree, env, timeoutMilliseconds: 60 * 60 * 1000 };
    return (await runProgram('git', [...settings, ...args], options, signal)).trim();
  }
}

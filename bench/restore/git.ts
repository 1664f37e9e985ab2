/** git as somebody runs it whose configuration is empty. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const who = { NAME: 'Bench', EMAIL: 'bench@localhost', DATE: '2026-01-01T00:00:00Z' } as const;
const identity = (role: 'AUTHOR' | 'COMMITTER'): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(who).map(([what, value]) => [`GIT_${role}_${what}`, value]));

/** Nothing of the machine's configuration; dates and names fixed, so that every machine makes the same commits. */
export const gitEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  ...identity('AUTHOR'),
  ...identity('COMMITTER'),
};

/** What one command prints, trimmed. @throws with what git said */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  return (await gitBytes(cwd, ...args)).toString().trim();
}

/** What one command prints. @throws with what git said */
export async function gitBytes(cwd: string, ...args: readonly string[]): Promise<Buffer> {
  const options = { cwd, env: gitEnvironment, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await promisify(execFile)('git', args, options);
  return stdout;
}

/** A pipeline of the shell, which fails when any of its parts does. */
import { run } from '../processes.ts';

/** What `script` prints; `args` are its `$1`, `$2`, … */
export function runShell(script: string, args: readonly string[]): Promise<string> {
  return run('bash', ['-o', 'pipefail', '-ec', script, 'bash', ...args]);
}

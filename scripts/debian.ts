/** Debian packages that tests need. */
import { spawnSync } from 'node:child_process';
import { outputOf, run, say, stop } from './process.ts';

/**
 * Makes sure that `packages` are installed: as root or with password-less sudo it installs what is missing,
 * otherwise it ends the script with the one command to run. `reason` completes "… are needed for".
 */
export async function ensureDebianPackages(packages: readonly string[], reason: string): Promise<void> {
  if (outputOf('dpkg-query', ['--version']) === undefined) {
    stop(
      `this is not a Debian system, and Debian's packages are needed for ${reason}: ${packages.join(' ')}`,
    );
  }
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const asRoot = rootPrefix();
  if (!asRoot) {
    stop(
      `these packages are needed for ${reason}; run: sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  say(`Installing Debian packages for ${reason}: ${missing.join(' ')}`);
  await aptGet(asRoot, ['update']);
  await aptGet(asRoot, ['install', '-y', '--no-install-recommends', ...missing]);
}

/** dpkg-query fails as a whole when it does not know one name, and still prints what it knows. */
function missingPackages(packages: readonly string[]): readonly string[] {
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...packages], { encoding: 'utf8' });
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return packages.filter((name) => !installed.has(`${name} installed`));
}

/** What to put before a command that root must run; `undefined` when we cannot become root unasked. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return outputOf('sudo', ['-n', 'true']) === undefined ? undefined : ['sudo', '-n'];
}

async function aptGet(asRoot: readonly string[], arguments_: readonly string[]): Promise<void> {
  const [command = 'env', ...rest] = [
    ...asRoot,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-q',
    ...arguments_,
  ];
  const code = await run(command, rest, { output: 'stderr' });
  if (code !== 0) stop(`apt-get ${arguments_[0]} failed (exit code ${code}); what it printed is above`);
}

/**
 * The restored `.git/config` comes from a server, and git runs what some of its settings name (core.fsmonitor,
 * core.sshCommand, filters, aliases) or sends credentials where others point. So before git looks at the clone for the
 * first time, each setting has to be one that `git clone` writes itself. git's own parser reads the file, from outside.
 */
import { join } from 'node:path';
import type { Git } from '#main/git/git.ts';
import { quoted } from '#main/config/quoted.ts';
import { refused } from './restore-tar.ts';

interface Setting {
  readonly key: string;
  /** `undefined` for a key without `=`, which means true. */
  readonly value: string | undefined;
}

const truth = /^(?:true|false|yes|no|on|off|1|0|)$/i;

/** Keys, as git spells them, and what each may say. */
const allowed: readonly (readonly [key: RegExp, value: RegExp])[] = [
  [/^core\.repositoryformatversion$/, /^[01]$/],
  [/^core\.bare$/, /^false$/i],
  [
    /^core\.(?:filemode|ignorecase|precomposeunicode|symlinks|preloadindex|commitgraph|multipackindex)$/,
    truth,
  ],
  [/^core\.(?:logallrefupdates|untrackedcache)$/, /^(?:true|false|always|keep)$/i],
  [/^extensions\.objectformat$/, /^sha(?:1|256)$/],
  [/^extensions\.refstorage$/, /^(?:files|reftable)$/],
  [/^remote\.origin\.fetch$/, /^\+?refs\/(heads|tags)\/[^:]+:refs\/(?:remotes\/origin|tags)\/[^:]+$/],
  [/^remote\.origin\.tagopt$/, /^--(?:no-)?tags$/],
  [/^branch\.[^\n]+\.remote$/, /^origin$/],
  [/^branch\.[^\n]+\.merge$/, /^refs\/heads\/[^\n]+$/],
  [/^branch\.[^\n]+\.rebase$/, truth],
  [/^lfs\.repositoryformatversion$/, /^0$/],
  [/^(?:gc\.auto|maintenance\.auto)$/, /^(?:\d{1,9}|true|false)$/],
];

/**
 * Checks every setting of the clone in `tree`, whose origin has to be `upstream`. git runs in `folder`.
 * @throws SluiceError STORE_MISBEHAVED that names the key; PROCESS_FAILED, ABORTED
 */
export async function checkConfig(
  git: Git,
  { folder, tree, upstream }: { readonly folder: string; readonly tree: string; readonly upstream: string },
  signal: AbortSignal,
): Promise<void> {
  const file = join(tree, '.git', 'config');
  const output = await git.run(
    folder,
    ['config', '--file', file, '--no-includes', '--list', '--null'],
    signal,
  );
  const settings = settingsIn(output);
  for (const setting of settings) checkSetting(setting, upstream);
  const origins = settings.filter(({ key }) => key === 'remote.origin.url');
  if (origins.length !== 1) throw refused('has a .git/config that does not name one origin');
}

function checkSetting({ key, value = 'true' }: Setting, upstream: string): void {
  if (key === 'remote.origin.url') {
    if (withoutSuffix(value) === upstream) return;
    throw refused(`has a .git/config whose origin is ${quoted(value)} instead of ${upstream}`);
  }
  const rule = allowed.find(([pattern]) => pattern.test(key));
  if (!rule) throw refused(`has a .git/config that sets ${quoted(key)}, which a fresh clone does not`);
  if (!rule[1].test(value)) throw refused(`has a .git/config that sets ${quoted(key)} to ${quoted(value)}`);
}

function withoutSuffix(url: string): string {
  return url.replace(/\/$/, '').replace(/\.git$/, '');
}

/** `key\nvalue\0`; the trailing NUL may be gone with the white space. */
function settingsIn(output: string): readonly Setting[] {
  return output
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const at = entry.indexOf('\n');
      return at < 0
        ? { key: entry, value: undefined }
        : { key: entry.slice(0, at), value: entry.slice(at + 1) };
    });
}

/**
 * What the archive of a fresh clone may hold. Everything else is refused: not only what leads outside of the folder
 * it is extracted into, but also what git would run or follow once somebody works in the clone (hooks, other
 * repositories inside it, redirections to other folders).
 */
import { quoted } from '#main/config/quoted.ts';
import { refused, type TarMember } from './restore-tar.ts';

/** Below `.git/`: what a fresh clone has, and what git itself leaves there in passing. */
const gitFile = new RegExp(
  `^(?:${[
    'HEAD|ORIG_HEAD|FETCH_HEAD|config|description|index|packed-refs|shallow|sharedindex\\.[0-9a-f]+',
    'hooks/[^/]+\\.sample',
    'info/(?:exclude|refs)',
    'objects/[0-9a-f]{2}/[0-9a-f]+',
    'objects/pack/[^/]+',
    'objects/info/(?:packs|commit-graph|commit-graphs/[^/]+)',
    '(?:refs|logs|reftable)/.+|logs/HEAD',
    'lfs/(?:objects|cache|tmp)/.+',
  ].join('|')})$`,
);
const gitFolder =
  /^(?:|branches|hooks|info|(?:objects|refs|logs|reftable)(?:\/.+)?|lfs(?:\/(?:objects|cache|tmp)(?:\/.+)?)?)$/;

/** Characters that some file systems do not see: to them, they make `.git` of something else. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** Checks the members of one archive, in their order. */
export class MemberRules {
  readonly #links = new Set<string>();

  /** @throws SluiceError STORE_MISBEHAVED that names the member */
  check({ path, kind, mode }: TarMember): void {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    if (path.startsWith('/') || parts.includes('..')) throw refused(`reaches outside with ${quoted(path)}`);
    if (parts.length === 0 && kind !== 'folder') throw refused(`replaces its own top folder by a ${kind}`);
    this.#checkAbove(parts, path);
    // git could not change what is in such a folder, and neither could whoever has to remove it.
    if (kind === 'folder' && (mode & 0o700) !== 0o700)
      throw refused(`holds the closed folder ${quoted(path)}`);
    checkGit(parts, kind, path);
    if (kind === 'link') this.#links.add(folded(parts.join('/')));
  }

  /** Nothing may be written through a symbolic link. */
  #checkAbove(parts: readonly string[], path: string): void {
    if (this.#links.size === 0) return;
    for (let count = 1; count < parts.length; count += 1) {
      if (this.#links.has(folded(parts.slice(0, count).join('/'))))
        throw refused(`goes through a symbolic link with ${quoted(path)}`);
    }
  }
}

function checkGit(parts: readonly string[], kind: TarMember['kind'], path: string): void {
  const index = parts.findIndex(isGitName);
  if (index < 0) return;
  const refuse = () => refused(`holds ${quoted(path)}, which a fresh clone does not have`);
  if (index > 0 || parts[0] !== '.git' || kind === 'link') throw refuse();
  const below = parts.slice(1).join('/');
  const isAlternates = /^objects\/info\/(?:http-)?alternates$/.test(below);
  if (isAlternates || !(kind === 'folder' ? gitFolder : gitFile).test(below)) throw refuse();
}

/** What a file system somewhere takes for `.git`. */
function isGitName(part: string): boolean {
  const seen = part.replace(unseen, '').toLowerCase();
  return /^(?:\.git|git~\d+)[ .]*(?::.*)?$/.test(seen);
}

/** Only Linux is sure to tell `A` from `a`. */
function folded(path: string): string {
  return process.platform === 'linux' ? path : path.normalize('NFC').toLowerCase();
}

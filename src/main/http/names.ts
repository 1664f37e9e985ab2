/**
 * From names in URLs to keys in a store. Where the store is ours, a key is `[{namespace}/]{hh}/{64 hex}` whatever the
 * name was, so that no name can reach outside the store; an HTTP origin is asked by name, so there a key is a path.
 * Names are checked all the same, because a wrong one deserves a clear answer.
 */
import { createHash } from 'node:crypto';
import { SluiceError } from '#shared/errors.ts';

const namespacePattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;
const hostPattern = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/;
const segmentPattern = /^[A-Za-z0-9_.~+@-]+$/;
const maxNameLength = 1024;

/** A repository by its upstream URL. */
export interface Repository {
  /** Lower case, with the port if there is one. */
  readonly host: string;
  /** Without slashes at its ends and without `.git`. */
  readonly path: string;
  /** `https://{host}/{path}`. */
  readonly upstream: string;
}

/** How one kind of store calls what URLs name. */
export interface Names {
  /** The key of an object. @throws SluiceError INVALID_INPUT */
  object(namespace: string, name: string): string;
  /** The key of a repository's snapshot. */
  snapshot(repository: Repository): string;
  /** The key of the archive of its LFS objects. */
  lfsSnapshot(repository: Repository): string;
  /** The key of the archive of its mirror, from which a new machine restores it. */
  mirrorSnapshot(repository: Repository): string;
  /** The key of the bundle from `base`, a commit id, to its HEAD. */
  bundle(repository: Repository, base: string): string;
}

/**
 * The store's key of an object. A name of 64 hex digits is itself the hash; any other is hashed with SHA-256.
 * @throws SluiceError INVALID_INPUT
 */
export function objectKey(namespace: string, name: string): string {
  checkObjectName(namespace, name);
  const hash = /^[0-9a-f]{64}$/i.test(name) ? name.toLowerCase() : sha256(name);
  return `${namespace}/${fanOut(hash)}`;
}

function checkObjectName(namespace: string, name: string): void {
  if (!namespacePattern.test(namespace) || namespace.length > 255) {
    throw invalid('namespace', namespace, 'letters, digits, _ and -, the first a letter or digit');
  }
  const relative = name === '.' || name === '..';
  if (name === '' || relative || name.length > maxNameLength || hasControl(name)) {
    throw invalid('key', name, `1 to ${maxNameLength} characters without control characters, not . or ..`);
  }
}

/** The store's key of what is called `artifact` of a repository. */
function artifactKey({ upstream }: Repository, artifact: string): string {
  return fanOut(sha256(`${upstream}.${artifact}`));
}

/** The store's key of a repository's snapshot. */
export function snapshotKey(repository: Repository): string {
  return artifactKey(repository, 'snapshot');
}

/** Keys of folders and buckets. */
export const hashedNames: Names = {
  object: objectKey,
  snapshot: snapshotKey,
  lfsSnapshot: (repository) => artifactKey(repository, 'lfs-snapshot'),
  mirrorSnapshot: (repository) => artifactKey(repository, 'mirror-snapshot'),
  bundle: (repository, base) => artifactKey(repository, `bundle.${base}`),
};

/** Keys of an HTTP origin: the paths of the dialect, percent-encoded. */
export const pathNames: Names = {
  object: (namespace, name) => {
    checkObjectName(namespace, name);
    return `api/v1/object/${namespace}/${encodeURIComponent(name)}`;
  },
  snapshot: ({ host, path }) => `git/${host}/${path}/snapshot.tar.zst`,
  lfsSnapshot: ({ host, path }) => `git/${host}/${path}/lfs-snapshot.tar.zst`,
  mirrorSnapshot: ({ host, path }) => `git/${host}/${path}/mirror-snapshot.tar.zst`,
  bundle: ({ host, path }, base) => `git/${host}/${path}/snapshot.bundle?base=${base}`,
};

/**
 * The repository that `{host}/{path…}` names (percent-decoding done). A `.git` at the end is dropped: both spellings
 * are one repository. The host's case does not matter, the path's does.
 * @throws SluiceError INVALID_INPUT for empty, `.` and `..` segments and for other characters than repositories use.
 */
export function parseRepository(name: string): Repository {
  const [host = '', ...rest] = name.split('/');
  const path = rest.join('/').replace(/\.git$/, '');
  const segments = path.split('/');
  const sane = segments.every(
    (segment) => segmentPattern.test(segment) && segment !== '.' && segment !== '..',
  );
  if (!sane || host.includes('..') || !hostPattern.test(host.toLowerCase()) || name.length > maxNameLength) {
    throw invalid('repository', name, 'HOST/PATH with segments of letters, digits and _ . ~ + @ -');
  }
  return { host: host.toLowerCase(), path, upstream: `https://${host.toLowerCase()}/${path}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function fanOut(hash: string): string {
  return `${hash.slice(0, 2)}/${hash}`;
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function invalid(what: string, value: string, allowed: string): SluiceError {
  return new SluiceError(
    'INVALID_INPUT',
    `${what} ${JSON.stringify(value.slice(0, 100))}: allowed is ${allowed}`,
  );
}

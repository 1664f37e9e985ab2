/** The names of objects inside a store: `[{namespace}/]{hh}/{64 hex digits}`, where `hh` are the first two digits. */
import { SluiceError } from '#shared/errors.ts';

export interface KeyParts {
  /** Absent for git artifacts. */
  readonly namespace: string | undefined;
  /** The first two digits: a folder, so that no folder grows too large. */
  readonly shard: string;
  /** 64 lower-case hex digits. */
  readonly digest: string;
}

const pattern =
  /^(?:(?<namespace>[a-zA-Z0-9][a-zA-Z0-9_-]*)\/)?(?<shard>[0-9a-f]{2})\/(?<digest>\k<shard>[0-9a-f]{62})$/;

/**
 * The parts of a key. Every store asks here before a key reaches S3 or the file system, so nothing from outside
 * (`..`, separators, reserved names) can get there.
 * @throws SluiceError INVALID_INPUT when it has another form.
 */
export function parseKey(key: string): KeyParts {
  const { namespace, shard, digest } = pattern.exec(key)?.groups ?? {};
  if (shard === undefined || digest === undefined) {
    throw new SluiceError(
      'INVALID_INPUT',
      `key ${JSON.stringify(key)}: allowed is [NAMESPACE/]HH/ and 64 hex digits`,
    );
  }
  return { namespace, shard, digest };
}

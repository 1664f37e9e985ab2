/**
 * Where the file store keeps things below its folder:
 *
 *   objects/[n-{namespace}/]{hh}/{digest}.json              the record: which revision the object is, and its metadata
 *   objects/[n-{namespace}/]{hh}/{digest}.{revision}.data   the bytes of one revision
 *   incoming/{revision}.data, incoming/{revision}.json      what is being written
 *   leases/{digest}/{number}.json                           who does something for the object that one should do
 *
 * The prefix `n-` keeps a namespace apart from the folders of two hex digits and from names that Windows reserves;
 * upper-case letters are written `=x`, because many file systems do not tell them from lower-case ones.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '#shared/errors.ts';
import { parseKey } from './keys.ts';
import type { StoredObject } from './object-store.ts';

/** The places of one object. */
export interface Place {
  readonly folder: string;
  readonly record: string;
  data(revision: string): string;
}

const recordSchema = z.object({
  revision: z.uuid(),
  length: z.number().int().nonnegative(),
  etag: z.string(),
  headers: z.record(z.string(), z.array(z.string())),
  /** Milliseconds since the epoch, whole seconds. */
  lastModified: z.number().int(),
  timeToLiveMs: z.number().optional(),
  expiresAt: z.number().int().optional(),
});

/** What `{digest}.json` holds. */
export type FileRecord = Readonly<z.infer<typeof recordSchema>>;

export function objectsFolder(root: string): string {
  return join(root, 'objects');
}

export function incomingFolder(root: string): string {
  return join(root, 'incoming');
}

/** @throws SluiceError INVALID_INPUT when the key has not the fixed form of keys */
export function leaseFolder(root: string, key: string): string {
  return join(root, 'leases', parseKey(key).digest);
}

/** @throws SluiceError INVALID_INPUT when the key has not the fixed form of keys */
export function placeOf(root: string, key: string): Place {
  const { namespace, shard, digest } = parseKey(key);
  const folder = join(objectsFolder(root), namespace === undefined ? '' : namespaceFolder(namespace), shard);
  return {
    folder,
    record: join(folder, `${digest}.json`),
    data: (revision) => join(folder, dataName(digest, revision)),
  };
}

export function dataName(digest: string, revision: string): string {
  return `${digest}.${revision}.data`;
}

/** The digest and the revision in the name of a data file, or `undefined` for any other name. */
export function parseDataName(
  name: string,
): { readonly digest: string; readonly revision: string } | undefined {
  const [, digest, revision] = /^([0-9a-f]{64})\.([0-9a-f-]{36})\.data$/.exec(name) ?? [];
  return digest === undefined || revision === undefined ? undefined : { digest, revision };
}

function namespaceFolder(namespace: string): string {
  return `n-${namespace.replace(/[A-Z]/g, (letter) => `=${letter.toLowerCase()}`)}`;
}

/** The namespace of a folder's name, or `undefined` when the folder is none. */
export function namespaceOf(folder: string): string | undefined {
  if (!folder.startsWith('n-')) return undefined;
  return folder.slice(2).replace(/=([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The record in a file, or `undefined` when there is no such file. @throws SluiceError STORE_MISBEHAVED */
export async function readRecord(path: string): Promise<FileRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    throw new SluiceError('STORE_MISBEHAVED', `${path} is damaged: delete it`, { cause: error });
  }
}

export function toStoredObject(key: string, record: FileRecord): StoredObject {
  const { revision, length, headers, etag, lastModified, expiresAt } = record;
  return {
    revision: { key, pin: revision, length },
    headers,
    etag,
    lastModified: new Date(lastModified),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
  };
}

export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

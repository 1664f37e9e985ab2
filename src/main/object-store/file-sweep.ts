/**
 * Removes what a crash has left: files that were being written, and revisions that no record names. Other processes
 * may be writing in the same folder, so only what nobody has touched for an hour counts as left.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  dataName,
  incomingFolder,
  isMissingFile,
  namespaceOf,
  objectsFolder,
  parseDataName,
  readRecord,
} from './file-layout.ts';

export const leftoverMilliseconds = 3_600_000;

/** Resolves with how many files were removed. */
export async function sweep(root: string, now: number): Promise<number> {
  let removed = 0;
  const isLeft = async (path: string) => now - (await modifiedAt(path)) > leftoverMilliseconds;
  const candidates = async function* () {
    for (const name of await namesIn(incomingFolder(root))) yield join(incomingFolder(root), name);
    for await (const shard of shardFolders(root)) yield* unnamedRevisions(shard);
  };
  for await (const path of candidates()) {
    if (!(await isLeft(path))) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

/** The folders that hold objects, with and without a namespace. */
async function* shardFolders(root: string): AsyncGenerator<string, void> {
  const objects = objectsFolder(root);
  for (const name of await namesIn(objects)) {
    if (namespaceOf(name) === undefined) yield join(objects, name);
    else for (const shard of await namesIn(join(objects, name))) yield join(objects, name, shard);
  }
}

/**
 * Data files that no record names. An object at rest has one record and one data file: only where the names differ
 * from that is a record read.
 */
async function* unnamedRevisions(folder: string): AsyncGenerator<string, void> {
  const names = await namesIn(folder);
  const present = new Set(names);
  const byDigest = new Map<string, string[]>();
  for (const { digest, revision } of names.map(parseDataName).filter((parsed) => parsed !== undefined)) {
    byDigest.set(digest, [...(byDigest.get(digest) ?? []), revision]);
  }
  for (const [digest, revisions] of byDigest) {
    if (revisions.length === 1 && present.has(`${digest}.json`)) continue;
    const record = await readRecord(join(folder, `${digest}.json`));
    for (const revision of revisions) {
      if (revision !== record?.revision) yield join(folder, dataName(digest, revision));
    }
  }
}

/** The names in a folder, none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

/** For a file that is gone meanwhile: now, so that it is left alone. */
async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissingFile(error)) return Date.now();
    throw error;
  }
}

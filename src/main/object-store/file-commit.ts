/**
 * Changes what an object is, each with one rename or removal of its record. Callers hold the object's key, so that
 * changes made by this process follow each other.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder, writeDurably } from './file-durable.ts';
import { incomingFolder, readRecord } from './file-layout.ts';
import type { FileRecord, Place } from './file-layout.ts';

/** Makes the bytes in `incoming` the object that `record` describes, and removes those of the revision before. */
export async function commitRevision(
  root: string,
  place: Place,
  record: FileRecord,
  incoming: string,
): Promise<void> {
  const replaced = await readRecord(place.record);
  await makeFolder(place.folder);
  const now = new Date();
  await utimes(incoming, now, now); // However slowly it came, no sweep may take it for a leftover.
  await rename(incoming, place.data(record.revision));
  try {
    await writeRecord(root, place, record);
  } catch (error) {
    await rm(place.data(record.revision), { force: true });
    throw error;
  }
  if (replaced) await removeData(place, replaced.revision);
}

/** The moment of truth: one rename. */
export async function writeRecord(root: string, place: Place, record: FileRecord): Promise<void> {
  const incoming = join(incomingFolder(root), `${randomUUID()}.json`);
  await writeDurably(incoming, [Buffer.from(JSON.stringify(record))]);
  await rename(incoming, place.record);
  await syncFolder(place.folder);
}

/** Removes an object, if given only at this revision; resolves with the record that was removed. */
export async function removeObject(place: Place, revision?: string): Promise<FileRecord | undefined> {
  const record = await readRecord(place.record);
  if (!record || (revision !== undefined && record.revision !== revision)) return undefined;
  await rm(place.record, { force: true });
  await syncFolder(place.folder);
  await removeData(place, record.revision);
  return record;
}

/** Windows does not remove an open file: it then stays for the sweep, and no record names it any more. */
async function removeData(place: Place, revision: string): Promise<void> {
  try {
    await rm(place.data(revision), { force: true });
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  }
}

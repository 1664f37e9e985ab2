/**
 * What a server before this one has left: its segments become one recording each, offered as `recovered` when it ended
 * without closing them, else as `previous`. The newest few are kept, whatever other recordings take: they are evidence.
 */
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openRecording, type OpenedRecording } from '#shared/recording/reader.ts';
import type { RecordingOrigin } from '#shared/recording/records.ts';
import { copyInto, type StoredBlock } from './copy.ts';
import { fileSource, nodeCodec } from './node-codec.ts';
import { RecordingFile } from './recording-file.ts';
import { segmentName } from './rolling.ts';
import { newRecordingId, type SavedRecordings } from './saved.ts';

const kept: Readonly<Partial<Record<RecordingOrigin, number>>> = { recovered: 3, previous: 1 };
/** `4711-20260131T140211Z-manual-9f3c01aa.manual`: a recording that somebody had started. */
const manualName = /^(\d{1,10})-\d{8}T\d{6}Z-manual-([0-9a-f]{8})\.manual$/;

/**
 * Joins what lies in `directory` and takes it away from there. @returns the ids
 * @throws the system's error
 */
export async function recoverLeftovers(
  directory: string,
  saved: SavedRecordings,
): Promise<readonly string[]> {
  const groups = new Map<string, { readonly number: number; readonly path: string }[]>();
  for (const name of await readdir(directory)) {
    const found = leftover(name);
    // Two servers may share a folder; what belongs to one that runs is its own.
    if (!found || isOfAnother(found.pid)) continue;
    const group = groups.get(found.group) ?? [];
    groups.set(found.group, group);
    group.push({ number: found.number, path: join(directory, name) });
  }
  const ids: string[] = [];
  for (const group of groups.values()) {
    const paths = group.toSorted((a, b) => a.number - b.number).map(({ path }) => path);
    const id = await joined(paths, saved);
    if (id !== undefined) ids.push(id);
    for (const path of paths) await rm(path, { force: true });
  }
  await forgetOldest(saved);
  return ids;
}

function leftover(name: string) {
  const [, , pid, session, number] = segmentName.exec(name) ?? [];
  if (session !== undefined) return { group: session, number: Number(number), pid: Number(pid) };
  const [, manualPid, id] = manualName.exec(name) ?? [];
  return id === undefined ? undefined : { group: `manual ${id}`, number: 0, pid: Number(manualPid) };
}

function isOfAnother(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @returns the id of the recording; `undefined` when there is nothing in any of these */
async function joined(paths: readonly string[], saved: SavedRecordings): Promise<string | undefined> {
  const segments: { readonly path: string; readonly opened: OpenedRecording }[] = [];
  for (const path of paths) {
    await using file = await open(path, 'r');
    const opened = await openRecording(await fileSource(file), nodeCodec).catch(() => undefined);
    if (opened && opened.blocks.length > 0) segments.push({ path, opened });
  }
  const first = segments[0]?.opened;
  const last = segments.at(-1)?.opened;
  const endedAt = last?.blocks.at(-1)?.lastAt;
  if (!first?.header || !last || endedAt === undefined) return undefined;
  const origin = last.isClosed ? 'previous' : 'recovered';
  const id = newRecordingId(origin, endedAt);
  const path = saved.incomingPath(id);
  try {
    const file = await RecordingFile.create(path, { ...first.header, id, origin, createdAt: endedAt });
    await copyInto(file, blocksOf(segments));
    await saved.publish(id, path);
    return id;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function* blocksOf(
  segments: readonly { readonly path: string; readonly opened: OpenedRecording }[],
): AsyncGenerator<StoredBlock> {
  for (const { path, opened } of segments) {
    await using file = await open(path, 'r');
    const source = await fileSource(file);
    for (const entry of opened.blocks)
      yield { entry, data: await source.read(entry.offset, entry.offset + entry.bytes) };
  }
}

async function forgetOldest(saved: SavedRecordings): Promise<void> {
  const { recordings } = await saved.list();
  for (const [origin, count] of Object.entries(kept)) {
    const others = recordings.filter((recording) => recording.origin === origin).slice(count);
    for (const { id } of others) await saved.remove(id);
  }
}

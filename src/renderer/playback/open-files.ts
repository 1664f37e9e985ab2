/** Files that were chosen, dropped, or given to the program: each goes where it is shown. */
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { Hello } from '#shared/model.ts';
import type { ByteSource } from '#shared/recording/codec.ts';
import { magic } from '#shared/recording/layout.ts';
import { MiB } from '#shared/units.ts';
import type { Follower } from '../rpc/follow.ts';
import { notify } from '../state/notifications.ts';
import { openFile as openProfileFile } from '../state/profile-store.ts';
import { theOpenedFiles } from '../state/opened-files.ts';
import { go, instantParam, recordingParam, serverParam } from '../state/place.ts';
import { openBundle } from './bundle.ts';
import { openedSource } from './server-source.ts';

/** Of a file that is brought as a whole. */
const pieceBytes = MiB;

/** Takes the address of a recording that can be shown now. */
type Show = (recording: string) => void;

/** Opens them one after the other; what is wrong with one is said, and the next is opened. */
export async function openFiles(files: readonly File[], show: Show = showRecording): Promise<void> {
  for (const file of files) {
    try {
      await openFile(file, show);
    } catch (error) {
      notify({ kind: 'failed', title: `${file.name} cannot be opened`, body: messageOf(error) });
    }
  }
}

async function openFile(file: File, show: Show): Promise<void> {
  if (await isRecording(file)) show(theOpenedFiles.add({ name: file.name, file }));
  else if (await isArchive(file)) await openIncident(file, show);
  else openProfile(file);
}

/**
 * What the server was started to show: a recording is read as it is played, anything else is brought as a whole.
 * `stay`: the page is at the address of the recording, or was.
 */
export async function openFileOfServer(
  call: Follower['call'],
  { name, bytes }: NonNullable<Hello['opens']>,
  how: 'go' | 'stay',
): Promise<void> {
  const show: Show = how === 'go' ? showRecording : () => undefined;
  const source = openedSource(call, name, bytes);
  try {
    const head = new Blob([new Uint8Array(await source.read(0, magic.length))]);
    if (await isRecording(head)) show(theOpenedFiles.setOfServer({ name, bytes }));
    else await openFiles([await fileOf(source, name)], show);
  } catch (error) {
    notify({ kind: 'failed', title: `${name} cannot be opened`, body: messageOf(error) });
  }
}

async function fileOf(source: ByteSource, name: string): Promise<File> {
  const parts: Blob[] = [];
  for (let at = 0; at < source.length; at += pieceBytes)
    parts.push(new Blob([new Uint8Array(await source.read(at, at + pieceBytes))]));
  return new File(parts, name);
}

/** Goes to a recording, from wherever one is. */
function showRecording(recording: string): void {
  // Whichever server is looked at: the file is in this page, or with the server that it came from.
  const params = { [serverParam]: '', [recordingParam]: recording, [instantParam]: '' };
  go({ view: 'live', subject: '', params });
}

/** By its first bytes: names are changed when files travel. */
async function isRecording(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, magic.length).arrayBuffer());
  return head.length === magic.length && magic.every((byte, at) => head[at] === byte);
}

/** A tar archive in gzip: pprof files are gzip as well. */
async function isArchive(file: Blob): Promise<boolean> {
  const gzip = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (gzip[0] !== 0x1f || gzip[1] !== 0x8b) return false;
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    let head = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      head += new TextDecoder('latin1').decode(part.value.subarray(0, 512));
      if (head.length >= 262) return head.slice(257, 262) === 'ustar';
    }
    return false;
  } catch {
    return false;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function openIncident(file: File, show: Show): Promise<void> {
  const { recording, profiles, ...bundle } = await openBundle(file.name, file);
  for (const { name, content } of profiles) openProfileFile(new File([content], baseName(name)));
  if (!recording) throw new SluiceError('INVALID_INPUT', 'there is no recording in this bundle');
  show(theOpenedFiles.add({ name: file.name, file: recording, bundle }));
}

/** Its reader says what is wrong with it. */
function openProfile(file: File): void {
  openProfileFile(file);
  go({ view: 'heap', subject: 'profiles', params: {} });
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

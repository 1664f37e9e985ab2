/**
 * The first part of a restore: the archive, from the server into the staging folder. What the server has is fetched in
 * parallel ranges, and goes on after a broken connection. What it makes while we wait comes in one stream, which can
 * only be begun anew.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Repository } from '#main/http/names.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import { abortedError } from '#main/object-store/cancel.ts';
import { download, type DownloadProgress, type DownloadResult, type DownloadSink } from './download.ts';
import { freshenMetadataIn, isStrongTag } from './first-answer.ts';
import { send } from './http.ts';
import { refusal } from './refusal.ts';
import { extractInto } from './restore-extract.ts';
import type { Staging } from './restore-staging.ts';
import { hasSnapshot, snapshotUrl } from './server.ts';

export interface SnapshotRequest {
  readonly server: URL;
  readonly repository: Repository;
  readonly chunkBytes: number;
  readonly concurrency: number;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Told why everything begins anew. */
  readonly onRestart: (why: string) => void;
}

export type SnapshotFetched = Pick<DownloadResult, 'bytes' | 'commit' | 'bundleUrl'>;

/** With waits of half of 50 ms to 5 s on average, they last for about 13 s: a restart of the server. */
const attemptsPerRange = 12;
const attemptsInAll = 3;
const firstWaitMilliseconds = 250;

/** A big repository is cloned and packed before its first byte comes. */
export const makingMilliseconds = 15 * 60_000;

/**
 * Fetches the snapshot and extracts it into the staging's tree.
 * @throws SluiceError NOT_FOUND when there is none and none will be; REVISION_CHANGED when it was replaced meanwhile;
 *   as `download` and `extractInto`
 */
export async function fetchSnapshot(
  request: SnapshotRequest,
  staging: Staging,
  signal: AbortSignal,
): Promise<SnapshotFetched> {
  let hasBegun = false;
  const onProgress = (progress: DownloadProgress) => {
    hasBegun = true;
    request.onProgress(progress);
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce({ ...request, onProgress }, staging.tree, signal);
    } catch (error) {
      if (attempt === attemptsInAll || !canBeginAnew(error, hasBegun)) throw error;
      request.onRestart(`${messageOf(error)}; beginning anew (${attempt + 1} of ${attemptsInAll})`);
      await staging.clear();
      await pause(waitAfter(error, attempt), signal);
    }
  }
}

/** A server that has never sent anything is not there, or does not want to: to ask again changes nothing. */
function canBeginAnew(error: unknown, hasBegun: boolean): boolean {
  if (isSluiceError(error, 'BUSY')) return true;
  return hasBegun && (isSluiceError(error, 'STORE_UNAVAILABLE') || isSluiceError(error, 'STORE_STALLED'));
}

function waitAfter(error: unknown, attempt: number): number {
  const asked = isSluiceError(error) ? (error.retryAfterMs ?? 0) : 0;
  return Math.min(asked, 60_000) + firstWaitMilliseconds * 4 ** (attempt - 1);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {
    throw abortedError(signal);
  });
}

async function fetchOnce(
  request: SnapshotRequest,
  tree: string,
  signal: AbortSignal,
): Promise<SnapshotFetched> {
  const { server, repository, chunkBytes, concurrency, onProgress } = request;
  const url = snapshotUrl(server, repository);
  const isThere = await hasSnapshot(server, repository, signal);
  await using extraction = await extractInto(tree, signal);
  const streamed = isThere ? undefined : await stream(url, extraction, request, signal);
  const options = { chunkBytes, concurrency, attempts: attemptsPerRange, onProgress };
  const fetched = streamed ?? (await download(url, extraction, options, signal));
  await extraction.finish();
  return fetched;
}

/** Everything in one answer, as it is made; `undefined` when it turns out to be complete, and to come in ranges. */
async function stream(
  url: URL,
  sink: DownloadSink,
  { onProgress, repository }: SnapshotRequest,
  signal: AbortSignal,
): Promise<SnapshotFetched | undefined> {
  const headers = { 'accept-encoding': 'identity' };
  const request = { method: 'GET', url, headers, silenceMilliseconds: makingMilliseconds } as const;
  using answer = await send(request, signal);
  if (answer.status !== 200) throw await refusal(answer, `there is no snapshot of ${repository.upstream}`);
  if (isStrongTag(answer.headers.etag)) return undefined;
  let bytes = 0;
  for await (const piece of answer.body) {
    await sink.write(piece, bytes);
    bytes += piece.length;
    onProgress({ receivedBytes: bytes, totalBytes: undefined });
  }
  return { bytes, ...freshenMetadataIn(answer.headers) };
}

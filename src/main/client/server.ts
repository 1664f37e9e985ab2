/** Talks to a running Sluice server: objects and snapshots (wire formats, section 1). */
import type { IncomingHttpHeaders } from 'node:http';
import { objectKey, parseRepository, type Repository } from '#main/http/names.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { networkCode, send, type HttpAnswer, type HttpRequest } from './http.ts';
import { refusal } from './refusal.ts';
import { authorization } from './server-url.ts';

export interface ObjectName {
  readonly namespace: string;
  readonly key: string;
}

export interface PutOptions {
  /** Go duration: `1h30m`. */
  readonly timeToLive?: string | undefined;
  /** Stored with the object. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of an upload. */
export interface Stored {
  /** As clients see it, in quotes. */
  readonly etag: string | undefined;
  readonly bytes: number;
}

/**
 * Stores `body` under `name`; nothing becomes visible unless all of it arrived.
 * @throws SluiceError of the connection or the server's refusal; whatever `body` fails with
 */
export async function putObject(
  server: URL,
  name: ObjectName,
  body: AsyncIterable<Uint8Array>,
  { timeToLive, headers = {} }: PutOptions,
  signal: AbortSignal,
): Promise<Stored> {
  const all = {
    ...authorization(server),
    ...headers,
    ...(timeToLive !== undefined && { 'time-to-live': timeToLive }),
  };
  return store(
    { method: 'POST', url: objectUrl(server, name), headers: all, body },
    `${label(name)} was not stored`,
    signal,
  );
}

/**
 * The object's answer, 200, with its body still to be read.
 * @throws SluiceError NOT_FOUND and others
 */
export async function getObject(server: URL, name: ObjectName, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await ask({ method: 'GET', url: objectUrl(server, name) }, signal);
  if (answer.status === 200) return answer;
  throw await objectRefusal(answer, server, name);
}

/** The object's header fields. @throws SluiceError NOT_FOUND and others */
export async function statObject(
  server: URL,
  name: ObjectName,
  signal: AbortSignal,
): Promise<IncomingHttpHeaders> {
  using answer = await ask({ method: 'HEAD', url: objectUrl(server, name) }, signal);
  if (answer.status === 200) return answer.headers;
  throw await objectRefusal(answer, server, name);
}

/** Deletes the object. @throws SluiceError NOT_FOUND and others */
export async function deleteObject(server: URL, name: ObjectName, signal: AbortSignal): Promise<void> {
  using answer = await ask(
    { method: 'DELETE', url: objectUrl(server, name), headers: authorization(server) },
    signal,
  );
  if (answer.status < 200 || answer.status > 299) throw await objectRefusal(answer, server, name);
}

/** An archive on its way to a server. */
export interface SnapshotUpload {
  readonly commit: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Publishes `archive` as the snapshot of `repository`, replacing the one before. @throws SluiceError */
export async function publishSnapshot(
  server: URL,
  repository: Repository,
  archive: SnapshotUpload,
  signal: AbortSignal,
): Promise<Stored> {
  const url = at(server, `api/v1/snapshots/${repository.host}/${repository.path}`);
  const headers = {
    ...authorization(server),
    'content-type': 'application/zstd',
    'x-cachew-snapshot-commit': archive.commit,
  };
  const what = `the snapshot of ${repository.upstream} was not published`;
  return store({ method: 'POST', url, headers, body: archive.stream }, what, signal);
}

/** True when `repository` has a snapshot. @throws SluiceError of the connection */
export async function hasSnapshot(
  server: URL,
  repository: Repository,
  signal: AbortSignal,
): Promise<boolean> {
  using answer = await ask({ method: 'HEAD', url: snapshotUrl(server, repository) }, signal);
  return answer.status === 200;
}

/** Where the snapshot of `repository` is served. */
export function snapshotUrl(server: URL, repository: Repository): URL {
  return at(server, `git/${repository.host}/${repository.path}/snapshot.tar.zst`);
}

/**
 * The repository that `https://HOST/PATH` names.
 * @throws SluiceError INVALID_INPUT that begins with `name`, how the user calls the value
 */
export function parseUpstream(text: string, name: string): Repository {
  try {
    if (text.startsWith('https://')) return parseRepository(text.slice('https://'.length));
  } catch (error) {
    if (!isSluiceError(error, 'INVALID_INPUT')) throw error;
  }
  const example = 'https://github.com/block/cachew';
  throw new SluiceError(
    'INVALID_INPUT',
    `${name} ${JSON.stringify(text)}: allowed is https://HOST/PATH, like ${example}`,
  );
}

/** `namespace/key`, for people. */
export function label({ namespace, key }: ObjectName): string {
  return `${namespace}/${key}`;
}

function objectUrl(server: URL, { namespace, key }: ObjectName): URL {
  // Throws what the server would answer with, before anything is sent.
  objectKey(namespace, key);
  return at(server, `api/v1/object/${namespace}/${encodeURIComponent(key)}`);
}

/** `path` below the server's address. */
export function at(server: URL, path: string): URL {
  return new URL(path, server.href.endsWith('/') ? server : `${server.href}/`);
}

async function store(request: HttpRequest, what: string, signal: AbortSignal): Promise<Stored> {
  let bytes = 0;
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const piece of source) {
      bytes += piece.length;
      yield piece;
    }
  };
  using answer = await ask({ ...request, ...(request.body && { body: counted(request.body) }) }, signal);
  if (answer.status < 200 || answer.status > 299) throw await refusal(answer, what);
  return { etag: answer.headers.etag, bytes };
}

async function objectRefusal(answer: HttpAnswer, server: URL, name: ObjectName): Promise<SluiceError> {
  using refused = answer;
  if (refused.status === 404) {
    return new SluiceError('NOT_FOUND', `nothing is stored under ${label(name)} on ${server.origin}`);
  }
  return refusal(refused, label(name));
}

/** The server's answer, whatever it is. @throws SluiceError of the connection, with the remedy when nothing listens */
export async function ask(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    return await send(request, signal);
  } catch (error) {
    if (networkCode(error) !== 'ECONNREFUSED') throw error;
    const remedy = 'start one with "sluice serve", or name another with --server';
    throw new SluiceError('STORE_UNAVAILABLE', `no server answers at ${request.url.origin}: ${remedy}`, {
      cause: error,
    });
  }
}

/** Talks to a running Sluice server about profiles of it: has one taken, and brings the file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { captureSchema, type Capture, type CaptureRequest } from '#shared/contract/profiles.ts';
import { SluiceError } from '#shared/errors.ts';
import { answered } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';
import { ask, at } from './server.ts';
import { authorization } from './server-url.ts';

const listSchema = z.object({ captures: z.array(captureSchema) });

const what = 'no profile was taken';
const lookMilliseconds = 500;
/** A heap snapshot stops the server: it answers when it is done. */
const snapshotSilenceMilliseconds = 30 * 60_000;

/**
 * Has a profile taken, and waits for its file. What is interrupted is ended in the server, too.
 * @throws SluiceError FORBIDDEN without the operator role, BUSY, TOO_LARGE, and others
 */
export async function takeProfile(
  server: URL,
  request: Partial<CaptureRequest> & Pick<CaptureRequest, 'kind'>,
  signal: AbortSignal,
): Promise<{ readonly capture: Capture; readonly file: HttpAnswer }> {
  const url = at(server, 'api/v1/profiles');
  const headers = { ...authorization(server), 'content-type': 'application/json' };
  const body = async function* () {
    yield Buffer.from(JSON.stringify(request));
  };
  const begun = await answered({ method: 'POST', url, headers, body: body() }, captureSchema, what, signal);
  try {
    const capture = await ended(server, begun, signal);
    return { capture, file: await opened(server, `api/v1/profiles/${capture.id}`, signal) };
  } catch (error) {
    if (signal.aborted)
      await removeProfile(server, begun.id, AbortSignal.timeout(5000)).catch(() => undefined);
    throw error;
  }
}

/** Those that the server keeps, the newest first. @throws SluiceError */
export async function listProfiles(server: URL, signal: AbortSignal): Promise<readonly Capture[]> {
  const url = at(server, 'api/v1/profiles');
  const request = { method: 'GET', url, headers: authorization(server) } as const;
  return (await answered(request, listSchema, 'the profiles are not known', signal)).captures;
}

/** Ends it if it is running, and removes its file from the server. @throws SluiceError */
export async function removeProfile(server: URL, id: string, signal: AbortSignal): Promise<void> {
  const url = at(server, `api/v1/profiles/${id}`);
  using answer = await ask({ method: 'DELETE', url, headers: authorization(server) }, signal);
  if (answer.status !== 204) throw await refusal(answer, 'the profile was not removed');
}

/** The server's ledger by owner, as pprof with gzip. @throws SluiceError */
export function ledgerFile(server: URL, signal: AbortSignal): Promise<HttpAnswer> {
  return opened(server, 'api/v1/ledger.pb.gz', signal);
}

async function ended(server: URL, { id, kind }: Capture, signal: AbortSignal): Promise<Capture> {
  const url = at(server, 'api/v1/profiles');
  const silence = kind === 'snapshot' ? { silenceMilliseconds: snapshotSilenceMilliseconds } : {};
  for (;;) {
    await sleep(lookMilliseconds, undefined, { signal }).catch(() => undefined);
    const headers = authorization(server);
    const { captures } = await answered(
      { method: 'GET', url, headers, ...silence },
      listSchema,
      what,
      signal,
    );
    const capture = captures.find((each) => each.id === id);
    if (capture?.state === 'running') continue;
    if (capture?.state === 'ready') return capture;
    throw new SluiceError('NOT_FOUND', `${what}: ${capture?.message ?? 'somebody has ended it'}`);
  }
}

async function opened(server: URL, path: string, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await ask({ method: 'GET', url: at(server, path), headers: authorization(server) }, signal);
  if (answer.status === 200) return answer;
  using refused = answer;
  throw await refusal(refused, what);
}

/** Talks to a running Sluice server about its recordings. */
import type { z } from 'zod';
import {
  recorderStateSchema,
  recordingListSchema,
  recordingSummarySchema,
  type RecorderState,
  type RecordingList,
  type RecordingSummary,
  type SaveInput,
  type StartInput,
} from '#shared/recording/model.ts';
import { markSchema, type Mark } from '#shared/recording/records.ts';
import { answered } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';
import { ask, at } from './server.ts';
import { authorization } from './server-url.ts';

const path = 'api/v1/recordings';

/** @throws SluiceError */
export async function listRecordings(server: URL, signal: AbortSignal): Promise<RecordingList> {
  const request = { method: 'GET', url: at(server, path), headers: authorization(server) } as const;
  return answered(request, recordingListSchema, 'the recordings are not known', signal);
}

/** Saves the last while of what the server keeps all the time. @throws SluiceError */
export async function saveRecording(
  server: URL,
  input: SaveInput,
  signal: AbortSignal,
): Promise<RecordingSummary> {
  return post(server, '', input, recordingSummarySchema, signal);
}

/** @throws SluiceError */
export async function startRecording(
  server: URL,
  input: StartInput,
  signal: AbortSignal,
): Promise<RecorderState> {
  return post(server, '/start', input, recorderStateSchema, signal);
}

/** @throws SluiceError */
export async function stopRecording(server: URL, signal: AbortSignal): Promise<RecordingSummary> {
  return post(server, '/stop', {}, recordingSummarySchema, signal);
}

/** Notes this instant. @throws SluiceError */
export async function markRecording(server: URL, note: string, signal: AbortSignal): Promise<Mark> {
  return post(server, '/mark', { note }, markSchema, signal);
}

/** The file of a recording, still to be read. @throws SluiceError */
export async function getRecording(server: URL, id: string, signal: AbortSignal): Promise<HttpAnswer> {
  const url = at(server, `${path}/${encodeURIComponent(id)}`);
  const answer = await ask({ method: 'GET', url, headers: authorization(server) }, signal);
  if (answer.status === 200) return answer;
  using refused = answer;
  throw await refusal(refused, `recording ${id}`);
}

async function post<T>(
  server: URL,
  part: string,
  input: object,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const body = (async function* () {
    yield Buffer.from(JSON.stringify(input));
  })();
  const headers = { ...authorization(server), 'content-type': 'application/json' };
  const request = { method: 'POST', url: at(server, path + part), headers, body } as const;
  return answered(request, schema, 'that was not done', signal);
}

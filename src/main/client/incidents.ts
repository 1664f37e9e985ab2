/** Has a running Sluice server make a bundle of an incident. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import {
  attachmentSchema,
  bundleSchema,
  type Attachment,
  type Bundle,
  type BundleInput,
} from '#shared/contract/incidents.ts';
import { answered } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';
import { ask, at } from './server.ts';
import { authorization } from './server-url.ts';

const path = 'api/v1/incidents';
const longestName = 200;

/** @throws SluiceError */
export async function makeBundle(
  server: URL,
  input: Partial<BundleInput>,
  signal: AbortSignal,
): Promise<Bundle> {
  const body = (async function* () {
    yield Buffer.from(JSON.stringify(input));
  })();
  const headers = { ...authorization(server), 'content-type': 'application/json' };
  const request = { method: 'POST', url: at(server, path), headers, body } as const;
  return answered(request, bundleSchema, 'the bundle was not made', signal);
}

/**
 * Sends a profile that is to be put into a bundle: the server reads it, and keeps it for an hour.
 * @throws SluiceError INVALID_INPUT when it is none, TOO_LARGE, and others
 */
export async function attachProfile(server: URL, file: string, signal: AbortSignal): Promise<Attachment> {
  const url = at(server, `${path}/profiles`);
  url.searchParams.set('name', basename(file).slice(-longestName));
  const headers = { ...authorization(server), 'content-type': 'application/octet-stream' };
  const request = { method: 'POST', url, headers, body: createReadStream(file) } as const;
  return answered(request, attachmentSchema, `${basename(file)} was not attached`, signal);
}

/** Its bytes, still to be read. @throws SluiceError */
export async function getBundle(server: URL, id: string, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await ask(
    { method: 'GET', url: at(server, `${path}/${id}`), headers: authorization(server) },
    signal,
  );
  if (answer.status === 200) return answer;
  using refused = answer;
  throw await refusal(refused, `bundle ${id}`);
}

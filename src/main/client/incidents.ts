/** Has a running Sluice server make a bundle of an incident. */
import { bundleSchema, type Bundle, type BundleInput } from '#shared/contract/incidents.ts';
import { answered } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';
import { ask, at } from './server.ts';

const path = 'api/v1/incidents';

/** @throws SluiceError */
export async function makeBundle(server: URL, input: BundleInput, signal: AbortSignal): Promise<Bundle> {
  const body = (async function* () {
    yield Buffer.from(JSON.stringify(input));
  })();
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', url: at(server, path), headers, body } as const;
  return answered(request, bundleSchema, 'the bundle was not made', signal);
}

/** Its bytes, still to be read. @throws SluiceError */
export async function getBundle(server: URL, id: string, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await ask({ method: 'GET', url: at(server, `${path}/${id}`) }, signal);
  if (answer.status === 200) return answer;
  using refused = answer;
  throw await refusal(refused, `bundle ${id}`);
}

/** Recordings and incidents over HTTP: docs/semantics.md, one test for each sentence, with the same words. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { RecorderState, RecordingList, RecordingSummary } from '#shared/recording/model.ts';
import { MiB } from '#shared/units.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ recordMinutes: 15, recordBytes: 8 * MiB });
  await post('/mark', { note: 'at first' });
  await vi.waitUntil(async () => (await list()).state.rolling.bytes > 1000, { timeout: 50_000 });
}, 60_000);

afterAll(() => server[Symbol.asyncDispose]());

function post(part: string, input: object | string = {}): Promise<Response> {
  const body = typeof input === 'string' ? input : JSON.stringify(input);
  const headers = { 'content-type': 'application/json' };
  return fetch(`${server.url}/api/v1/recordings${part}`, { method: 'POST', body, headers });
}

async function list(): Promise<RecordingList> {
  return (await (await server.get('/api/v1/recordings')).json()) as RecordingList;
}

describe('Recordings', () => {
  it('What is recorded all the time is saved by POST, listed, and served as the file that it is.', async () => {
    const answer = await post('', { lastMs: 60_000, name: 'Saved' });
    expect(answer.status).toBe(201);
    const saved = (await answer.json()) as RecordingSummary;
    expect((await list()).recordings).toEqual([saved]);
    const file = await server.get(`/api/v1/recordings/${saved.id}`);
    expect(file.headers.get('content-length')).toBe(String(saved.bytes));
    const bytes = Buffer.from(await file.arrayBuffer());
    expect([bytes.length, bytes.toString('latin1', 0, 8)]).toEqual([saved.bytes, 'SLUICREC']);
  });

  it('A recording is started and stopped by POST, one at a time.', async () => {
    const started = (await (await post('/start', { name: 'By hand' })).json()) as RecorderState;
    expect(started.manual).toMatchObject({ name: 'By hand' });
    expect((await post('/start')).status).toBe(400);
    await post('/mark', { note: 'meanwhile' });
    const stopped = (await (await post('/stop')).json()) as RecordingSummary;
    expect(stopped).toMatchObject({ id: started.manual?.id, marks: 1, origin: 'manual' });
    expect((await post('/stop')).status).toBe(404);
  });

  it('A recording gets another name and note by PATCH, in its file, and keeps what is not said.', async () => {
    const { id } = (await (await post('', { name: 'Before', note: 'kept' })).json()) as RecordingSummary;
    const url = `${server.url}/api/v1/recordings/${id}`;
    const patch = (body: object) =>
      fetch(url, {
        method: 'PATCH',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect(await (await patch({ name: 'After' })).json()).toMatchObject({ id, name: 'After', note: 'kept' });
    const file = await (await fetch(url)).text();
    expect(file).toContain('"name":"After"');
    expect(file).not.toContain('"name":"Before"');
    expect((await patch({ name: 'x'.repeat(201) })).status).toBe(400);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect((await patch({ name: 'Late' })).status).toBe(404);
  });

  it('A recording is removed by DELETE, and is 404 from then on.', async () => {
    const { id } = (await (await post('', { name: 'To go' })).json()) as RecordingSummary;
    const url = `${server.url}/api/v1/recordings/${id}`;
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
  });

  it('What is asked of a recording and cannot be is 400 and names the field.', async () => {
    for (const [part, input, sentence] of [
      ['', { lastMs: -1 }, /^lastMs: /],
      ['/mark', { note: 'x'.repeat(2001) }, /^note: /],
      ['/start', { name: 7 }, /^name: /],
      ['', 'no JSON', /not JSON/],
    ] as const) {
      const refused = await post(part, input);
      expect(refused.status).toBe(400);
      expect(((await refused.json()) as { message: string }).message).toMatch(sentence);
    }
  });

  it('A bundle of an incident is made by POST, and served as the file that it is.', async () => {
    const made = await fetch(`${server.url}/api/v1/incidents`, {
      method: 'POST',
      body: JSON.stringify({ note: 'slow' }),
      headers: { 'content-type': 'application/json' },
    });
    expect(made.status).toBe(201);
    const { id, bytes } = (await made.json()) as { id: string; bytes: number };
    const file = await server.get(`/api/v1/incidents/${id}`);
    expect(file.headers.get('content-type')).toBe('application/gzip');
    expect((await file.arrayBuffer()).byteLength).toBe(bytes);
    expect((await server.get('/api/v1/incidents/none')).status).toBe(404);
  });

  it('A profile is sent by POST to be put into a bundle, and is 400 when it is none.', async () => {
    const send = async (body: string) =>
      fetch(`${server.url}/api/v1/incidents/profiles?name=stacks.folded`, { method: 'POST', body });
    const sent = await send('main;grow 9\n');
    expect(sent.status).toBe(201);
    expect(await sent.json()).toMatchObject({ format: 'folded', sentence: expect.stringContaining('grow') });
    const refused = await send('no profile of any kind');
    expect(refused.status).toBe(400);
    expect((await server.get('/api/v1/incidents/profiles')).status).toBe(405);
  });
});

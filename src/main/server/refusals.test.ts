/** What Sluice refuses: docs/semantics.md, one test for each sentence, with the same words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';

const snapshotPath = '/git/github.com/owner/repository/snapshot.tar.zst';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function publishSnapshot(): Promise<void> {
  const headers = { 'x-cachew-snapshot-commit': 'c0ffee'.padEnd(40, '0') };
  const url = `${server.url}/api/v1/snapshots/github.com/owner/repository`;
  expect((await fetch(url, { method: 'POST', body: 'archive', headers })).status).toBe(200);
}

describe('Errors', () => {
  it('A method that a resource does not offer is 405 with Allow.', async () => {
    const rows = [
      ['POST', snapshotPath, 'GET, HEAD'],
      ['DELETE', snapshotPath, 'GET, HEAD'],
      ['PUT', '/api/v1/object/test/key', 'GET, HEAD, POST, DELETE'],
      ['OPTIONS', '/api/v1/object/test/key', 'GET, HEAD, POST, DELETE'],
      ['PROPFIND', '/api/v1/object/test/key', 'GET, HEAD, POST, DELETE'],
      ['GET', '/api/v1/object/test/key/invalidate', 'POST'],
      ['POST', '/git/github.com/owner/repository/snapshot.bundle', 'GET, HEAD'],
      ['PUT', '/git/github.com/owner/repository/lfs-snapshot.tar.zst', 'GET, HEAD'],
      ['GET', '/git/github.com/owner/repository/ensure-refs', 'POST'],
      ['OPTIONS', '/git/github.com/owner/repository/ensure-refs', 'POST'],
      ['POST', '/api/v1/repositories', 'GET, HEAD'],
      ['GET', '/api/v1/repositories/github.com/owner/repository', 'POST, DELETE'],
      ['POST', '/api/v1/jobs/1', 'GET, HEAD, DELETE'],
      ['DELETE', '/api/v1/jobs/1/log', 'GET, HEAD'],
      ['POST', '/api/v1/jobs/1/follow', 'GET'],
      ['POST', '/api/v1/stats', 'GET, HEAD'],
      ['DELETE', '/metrics', 'GET, HEAD'],
    ] as const;
    for (const [method, path, allow] of rows) {
      const { status, headers } = await server.raw(`${method} ${path}`);
      expect([method, path, status, headers['allow']]).toEqual([method, path, 405, allow]);
    }
  });

  it('Path traversal is a 4xx, however it is written.', async () => {
    const paths = [
      [
        '/git/../../etc/passwd',
        '/git/host/../../../etc/passwd/snapshot.tar.zst',
        '/../etc/passwd',
        '//etc/passwd',
      ],
      [
        '/git/host/%2e%2e/%2e%2e/etc/snapshot.tar.zst',
        '/git/..%2f..%2fetc/passwd/snapshot.tar.zst',
        '/git/host/a%00/snapshot.tar.zst',
      ],
      ['/git/host/a%5c..%5cb/snapshot.tar.zst', '/git//snapshot.tar.zst', '/git/host//a/snapshot.tar.zst'],
      [
        '/api/v1/object/../../../etc/passwd',
        '/api/v1/object/%2e%2e/key',
        '/api/v1/object/test/..',
        '/api/v1/object/test/%2e%2e',
      ],
      ['/api/v1/object/te%2fst/key', '/api/v1/object/test/..%2f..%2fetc%2fpasswd', '/api/v1/object/test/%00'],
      ['/console/../package.json', '/console/..%2f..%2fpackage.json', '/console/%2e%2e/%2e%2e/package.json'],
      [
        '/git/host/%zz/snapshot.tar.zst',
        '/git/host/%c0%ae%c0%ae/snapshot.tar.zst',
        '/%',
        '/api/v1/object/test/%ff',
      ],
    ].flat();
    for (const path of paths) {
      const { status } = await server.raw(`GET ${path}`);
      expect([path, Math.floor(status / 100)]).toEqual([path, 4]);
    }
  });

  it('Header fields that are too large are 431.', async () => {
    const path = '/api/v1/object/test/key';
    expect((await server.raw(`GET ${path}`, [`X-Large: ${'x'.repeat(20_000)}`])).status).toBe(431);
    expect((await server.raw(`GET ${path}?${'x'.repeat(20_000)}`)).status).toBe(431);
    expect(
      (
        await server.raw(
          `GET ${path}`,
          Array.from({ length: 2000 }, (_, at) => `X-${at}: xxxxxxx`),
        )
      ).status,
    ).toBe(431);
    expect((await server.raw(`GET ${path}`, [`X-Large: ${'x'.repeat(10_000)}`])).status).toBe(404);
  });

  it('Content-Length together with Transfer-Encoding is 400, and so are two lengths.', async () => {
    const smuggled = [
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', 'Content-Length: 5'],
      ['Content-Length: 5', 'Content-Length: 5'],
      ['Content-Length: 5', 'Content-Length: 6'],
      ['Content-Length: 5, 5'],
      ['Content-Length: +5'],
      ['Content-Length: -5'],
      ['Content-Length: 0x5'],
      ['Content-Length : 5'],
      ['Transfer-Encoding: xchunked'],
      ['Transfer-Encoding: chunked, identity'],
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ];
    const body = '0\r\n\r\nGET /_liveness HTTP/1.1\r\nHost: localhost\r\n\r\n';
    for (const fields of smuggled) {
      using client = await server.connect();
      const { status } = await client.request('POST /api/v1/object/test/smuggled', fields, body).response();
      expect([fields, status]).toEqual([fields, 400]);
      await client.ended();
      expect(await client.body(1)).toHaveLength(0);
    }
    expect((await server.get('/api/v1/object/test/smuggled')).status).toBe(404);
  });

  it('A request without Host, or with two, is 400.', async () => {
    for (const fields of [
      [],
      ['Host: localhost', 'Host: localhost'],
      ['Host: localhost', 'Host: evil.example'],
    ]) {
      using client = await server.connect();
      client.send(['GET /_liveness HTTP/1.1', ...fields, '', ''].join('\r\n'));
      expect([fields, (await client.response()).status]).toEqual([fields, 400]);
    }
  });

  it('says what is wrong with an upload', async () => {
    const rows = [
      ['/api/v1/object/test/bad', 'ETag: bare'],
      ['/api/v1/object/test/bad', 'Time-To-Live: tomorrow'],
      ['/api/v1/object/no.namespace/bad', 'X-Any: 1'],
    ] as const;
    for (const [path, field] of rows) {
      const { status, body } = await server.raw(`POST ${path}`, [field, 'Content-Length: 4'], 'body');
      expect([field, status]).toEqual([field, 400]);
      expect(JSON.parse(body.toString())).toMatchObject({ error: 'INVALID_INPUT' });
    }
  });

  it('A path may be percent-encoded or absolute, and means the same.', async () => {
    const path = await server.put('spelled', 'found');
    for (const spelling of [
      `http://other.example${path}`,
      path.replace('api', '%61pi'),
      path.replace('spelled', '%73pelled'),
    ]) {
      const { status, body } = await server.raw(`GET ${spelling}`);
      expect([spelling, status, body.toString()]).toEqual([spelling, 200, 'found']);
    }
  });

  it('A path that does not exist is 404.', async () => {
    for (const path of [
      '/nowhere',
      '/git/github.com/owner/repository',
      '/api/v1/object/test',
      '/api/v1/object/test/a/b',
    ]) {
      expect([path, (await server.raw(`GET ${path}`)).status]).toEqual([path, 404]);
    }
  });
});

describe('Access', () => {
  const everythingElse = [
    'POST /api/v1/object/test/access',
    'DELETE /api/v1/object/test/access',
    'POST /api/v1/object/test/access/invalidate',
    'POST /api/v1/snapshots/github.com/owner/repository',
    'GET /api/v1/repositories',
    'POST /api/v1/repositories/github.com/owner/repository',
    'DELETE /api/v1/repositories/github.com/owner/repository',
    'GET /api/v1/jobs/1',
    'DELETE /api/v1/jobs/1',
    'GET /api/v1/jobs/1/log',
    'GET /api/v1/jobs/1/follow',
    'GET /api/v1/stats',
    'GET /api/v1/namespaces',
    'GET /metrics',
    'GET /console/',
    'GET /rpc',
  ];

  it('A foreign Host may read objects and ask for what is below /git/, and is 403 everywhere else.', async () => {
    const path = await server.put('access', 'open');
    await publishSnapshot();
    const foreign = ['Host: rebound.example'];
    expect((await server.raw(`GET ${path}`, foreign)).status).toBe(200);
    expect((await server.raw(`GET ${snapshotPath}`, foreign)).status).toBe(200);
    const base = '/git/github.com/owner/repository';
    for (const line of [`GET ${base}/snapshot.bundle?base=${'a'.repeat(40)}`, `POST ${base}/ensure-refs`]) {
      expect([line, (await server.raw(line, foreign)).status]).toEqual([line, 404]);
    }
    for (const line of everythingElse) {
      expect([line, (await server.raw(line, foreign)).status]).toEqual([line, 403]);
    }
    expect(await (await server.get(path)).text()).toBe('open');
  });

  it('A foreign Origin is 403 wherever something can be changed or learnt.', async () => {
    const path = await server.put('access', 'open');
    // The console's own files tell nothing.
    const telling = everythingElse.filter((line) => line !== 'GET /console/');
    for (const origin of ['http://evil.example', 'null', 'http://localhost:1', 'https://localhost']) {
      for (const line of telling) {
        expect([origin, line, (await server.raw(line, [`Origin: ${origin}`])).status]).toEqual([
          origin,
          line,
          403,
        ]);
      }
    }
    expect((await server.raw('GET /api/v1/stats', ['Origin: http://localhost'])).status).toBe(200);
    expect(await (await server.get(path)).text()).toBe('open');
  });
});

/**
 * What one writes first: `GetObject` of client-s3, and its body piped into the answer. Run as a program with an S3
 * endpoint it listens on a free port of loopback, serves `/{bucket}/{key}`, and prints `{"url":…}`.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

const [, , endpoint = ''] = process.argv;
const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});

async function serve(path: string, response: ServerResponse): Promise<void> {
  const [, Bucket, ...key] = path.split('/');
  const answer = await client.send(new GetObjectCommand({ Bucket, Key: key.join('/') }));
  response.writeHead(200, { 'content-length': answer.ContentLength });
  (answer.Body as Readable).pipe(response);
}

const server = createServer((request, response) => {
  serve(request.url ?? '/', response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});

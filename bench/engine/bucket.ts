/** An S3 bucket of nginx's making: static files where a bucket's objects would be, and a log of what was sent. */
import { link, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { objectKey } from '#main/http/names.ts';
import { MiB } from '#shared/units.ts';
import { ensureDebianPackages } from '../../scripts/debian.ts';
import { startNginxWith } from '../nginx.ts';
import { bucketFlags, type Server } from '../processes.ts';

export interface Bucket extends Server {
  /** The flags of `serve`. */
  readonly flags: readonly string[];
  /** Makes `names` objects of the same content; they are links, so a thousand take no more room than one. */
  add(content: string, names: readonly string[]): Promise<void>;
  /** Body bytes sent since the start, as nginx counts them. */
  sentBytes(): Promise<number>;
}

/** Where the object is below the endpoint. */
export function pathInBucket(name: string): string {
  return `/bench/${objectKey('bench', name)}`;
}

/** Where the object is below Sluice's address. */
export function pathInSluice(name: string): string {
  return `/api/v1/object/bench/${name}`;
}

/** `name-0`, `name-1`, … */
export function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index}`);
}

export async function startBucket(folder: string): Promise<Bucket> {
  await ensureDebianPackages(['nginx-light', 'wrk', 'curl'], 'the origin and the load of the benchmark');
  const served = join(folder, 'served');
  const state = join(folder, 'bucket');
  await mkdir(served);
  await mkdir(state);
  const log = join(state, 'sent.log');
  const server = await startNginxWith(state, {
    http: `log_format sent '$body_bytes_sent';`,
    // Sluice lists the bucket once, to see that it is there; SDKs want their errors in XML.
    server: `root ${served}; access_log ${log} sent; default_type application/octet-stream;
      error_page 404 @missing;
      location @missing { default_type application/xml; return 404 "<Error><Code>NoSuchKey</Code></Error>"; }
      location ~ ^/bench/?$ { default_type application/xml; return 200 "<ListBucketResult/>"; }`,
  });
  return {
    ...server,
    flags: [...bucketFlags(server.url), '--data-dir', join(folder, 'data'), '--disk-cache', '0'],
    async add(content, names) {
      for (const name of names) {
        const path = join(served, pathInBucket(name));
        await mkdir(dirname(path), { recursive: true });
        await link(content, path);
      }
    },
    async sentBytes() {
      await sleep(200); // A request is logged when nginx has seen its end.
      const lines = (await readFile(log, 'utf8')).split('\n');
      return lines.reduce((sum, line) => sum + Number(line), 0);
    },
  };
}

/** A file of random bytes, and its path. */
export async function randomContent(folder: string, length: number): Promise<string> {
  const path = join(folder, `content-${length}`);
  await writeFile(path, '');
  for (let at = 0; at < length; at += 16 * MiB)
    await writeFile(path, randomBytes(Math.min(16 * MiB, length - at)), { flag: 'a' });
  return path;
}

/** A file of zeros that takes no room on the disk, and its path. */
export async function sparseContent(folder: string, length: number): Promise<string> {
  const path = join(folder, `sparse-${length}`);
  await writeFile(path, '');
  await truncate(path, length);
  return path;
}

/** nginx's buffers for answers: as it comes, and as one who proxies large objects would have them. */
const buffers = {
  default: '',
  large: 'proxy_buffer_size 64k; proxy_buffers 16 64k; proxy_busy_buffers_size 128k;',
} as const;

/** nginx as a proxy in front of `endpoint`: connections kept, nothing spilled to disk. */
export async function startProxy(
  folder: string,
  endpoint: string,
  size: keyof typeof buffers,
): Promise<Server> {
  const state = join(folder, `proxy-${size}`);
  await mkdir(state);
  return startNginxWith(state, {
    http: `upstream bucket { server ${new URL(endpoint).host}; keepalive 64; }`,
    server: `location / {
      proxy_pass http://bucket; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_max_temp_file_size 0; ${buffers[size]}
    }`,
  });
}

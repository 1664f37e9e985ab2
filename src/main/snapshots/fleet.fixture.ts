/**
 * Several servers with one bucket of a real S3 server, each in a process of its own and behind a proxy of its own,
 * which counts what it asks for and can hold it up.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { startServerProcess, type ServerProcess } from '#main/app-process.fixture.ts';
import { objectNameOf, OtherProgram } from '#main/object-store/compatibility.fixture.ts';
import { startFaultProxy, type FaultProxy } from '#main/object-store/fault-proxy.ts';
import { hasEnded, type Job, type Repositories, type RepositoryRow } from '#shared/repository-model.ts';
import { Upstream } from './upstream.fixture.ts';

/**
 * Short, so that a test does not wait for long for one that was killed; and longer than the machine holds up one that
 * lives.
 */
const lease = { ttlMs: 5000, pollMs: 200 } as const;

/** Waits for something that another process does. */
export function until<T>(look: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 60_000, interval: 50 });
}

export class Fleet implements AsyncDisposable {
  /** Of the repository. */
  readonly name = `git.example/team/${randomUUID()}`;
  readonly upstream = new Upstream();
  readonly bucket: OtherProgram;
  readonly #place: { readonly endpoint: string; readonly bucket: string };
  readonly #members: Member[] = [];

  private constructor(endpoint: string) {
    this.#place = { endpoint, bucket: `sluice-fleet-${randomUUID()}` };
    this.bucket = new OtherProgram(this.#place);
  }

  /** A bucket and an upstream, both new. */
  static async create(): Promise<Fleet> {
    const fleet = new Fleet(process.env['SLUICE_TEST_S3_ENDPOINT'] ?? '');
    await fleet.bucket.createBucket();
    return fleet;
  }

  /** What an artifact of the repository is called before it is hashed. */
  artifact(kind: string): string {
    return `https://${this.name}.${kind}`;
  }

  /** A new server; with the data folder of another one, that one started again. */
  async member({ dataDir, rule = 'allowed' }: MemberOptions = {}): Promise<Member> {
    const proxy = await startFaultProxy(this.#place.endpoint);
    const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'sluice-fleet-')));
    const server = await startServerProcess({
      lease,
      flags: {
        dataDir: folder,
        store: `s3://${this.#place.bucket}`,
        s3Endpoint: proxy.endpoint,
        s3Region: 'us-east-1',
        s3PathStyle: true,
        diskCacheBytes: '0',
        memoryBudgetBytes: '64MiB',
        chunkBytes: '256KiB',
        fetchIntervalMs: '0',
        snapshotIntervalMs: '0',
        ...(rule === 'allowed' && { repositories: `https://${this.name}=${this.upstream.url}` }),
      },
    });
    const member = new Member(server, proxy, folder, this.name);
    this.#members.push(member);
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.#members) await member[Symbol.asyncDispose]();
    this.bucket[Symbol.dispose]();
    this.upstream[Symbol.dispose]();
  }
}

interface MemberOptions {
  readonly dataDir?: string;
  /** Without a rule it serves what is in the bucket, and makes nothing. */
  readonly rule?: 'allowed' | 'none';
}

/** An answer, read to its end. */
export interface Read {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

export class Member implements AsyncDisposable {
  readonly proxy: FaultProxy;
  readonly dataDir: string;
  readonly #server: ServerProcess;
  readonly #name: string;

  constructor(server: ServerProcess, proxy: FaultProxy, dataDir: string, name: string) {
    this.#server = server;
    this.proxy = proxy;
    this.dataDir = dataDir;
    this.#name = name;
  }

  get url(): string {
    return this.#server.url;
  }

  /** Something of the repository. @throws when the connection breaks */
  async get(resource: string, headers: Readonly<Record<string, string>> = {}): Promise<Read> {
    const answer = await fetch(`${this.url}/git/${this.#name}/${resource}`, { headers });
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body };
  }

  async head(resource: string): Promise<Response> {
    return fetch(`${this.url}/git/${this.#name}/${resource}`, { method: 'HEAD' });
  }

  async post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Starts a job on the repository. */
  async start(action: 'clone' | 'fetch' | 'snapshot'): Promise<Job> {
    const answer = await this.post(`/api/v1/repositories/${this.#name}`, { action });
    if (answer.status !== 202) throw new Error(`${action} was answered with ${answer.status}`);
    return (await answer.json()) as Job;
  }

  async job(id: number): Promise<Job> {
    return (await (await fetch(`${this.url}/api/v1/jobs/${id}`)).json()) as Job;
  }

  /** The job when it has come to its end. */
  ended({ id }: Job): Promise<Job> {
    return until(async () => {
      const job = await this.job(id);
      if (!hasEnded(job)) throw new Error(`the job is still ${job.state}`);
      return job;
    });
  }

  /** What it knows of the repository. */
  async row(): Promise<RepositoryRow | undefined> {
    return (await this.list()).repositories.find(({ name }) => name === `https://${this.#name}`);
  }

  async list(): Promise<Repositories> {
    return (await (await fetch(`${this.url}/api/v1/repositories`)).json()) as Repositories;
  }

  /** How often it has begun to write the data of an artifact into the bucket. */
  uploadsOf(artifact: string): number {
    const path = `/${objectNameOf(artifact)}?`;
    return this.proxy.requests.filter(
      (line) =>
        line.includes(path) &&
        (/^POST .*[?&]uploads/.test(line) || (line.startsWith('PUT ') && !line.includes('uploadId='))),
    ).length;
  }

  /** Ends it as a power cut would. */
  kill(): Promise<void> {
    return this.#server.kill();
  }

  /** What is in its data folder for a while only. */
  async workFiles(): Promise<readonly string[]> {
    const names = await readdir(this.dataDir, { recursive: true });
    return names.filter((name) => /^work\/.|incoming/.test(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

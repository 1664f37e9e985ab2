/**
 * A real S3 server for tests: Ceph's object gateway with one monitor, one manager and one store in memory, on
 * loopback. All its state is one temporary folder, and nothing of it outlives us: each daemon runs in the foreground
 * as our child, and the kernel kills it should we die first.
 *
 * The order matters: monitor, store, manager, gateway; each needs the one before it.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The Debian packages that this needs. */
export const cephPackages = ['ceph-mon', 'ceph-osd', 'ceph-mgr', 'radosgw'] as const;

export interface CephGateway {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Ends every daemon and removes all state. */
  stop(): Promise<void>;
}

const startMilliseconds = 120_000;

/** Starts the gateway, with one user and no bucket; takes about 10 s. A failure leaves nothing behind. */
export async function startCeph(): Promise<CephGateway> {
  const node = new CephNode(await freePorts(3));
  try {
    await node.startMonitor();
    await node.startStore();
    await node.startManager();
    await node.startGateway();
    const credentials = { accessKeyId: randomUUID(), secretAccessKey: randomUUID() };
    await node.addUser(credentials);
    return { endpoint: node.endpoint, ...credentials, stop: () => node.stop() };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

type Ports = readonly [monitor: number, oldMonitor: number, gateway: number];

class CephNode {
  readonly endpoint: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-ceph-'));
  readonly #config = join(this.#folder, 'ceph.conf');
  readonly #clusterId = randomUUID();
  readonly #monitors: string;
  readonly #daemons: ChildProcess[] = [];
  readonly #onExit = () => this.#removeAll();

  constructor([monitor, oldMonitor, gateway]: Ports) {
    this.endpoint = `http://127.0.0.1:${gateway}`;
    this.#monitors = `[v2:127.0.0.1:${monitor},v1:127.0.0.1:${oldMonitor}]`;
    for (const name of ['mon', 'osd', 'mgr']) mkdirSync(join(this.#folder, name));
    writeFileSync(this.#config, this.#configText());
    process.once('exit', this.#onExit);
  }

  async startMonitor(): Promise<void> {
    const map = join(this.#folder, 'monmap');
    await this.#run('monmaptool', '--create', '--addv', 'a', this.#monitors, '--fsid', this.#clusterId, map);
    await this.#run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
    this.#start('ceph-mon', '-i', 'a');
  }

  async startStore(): Promise<void> {
    const id = randomUUID();
    await this.#run('ceph', 'osd', 'new', id);
    await this.#run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', id);
    this.#start('ceph-osd', '-i', '0');
  }

  async startManager(): Promise<void> {
    this.#start('ceph-mgr', '-i', 'x');
  }

  async startGateway(): Promise<void> {
    // These two only work here: the gateway's own defaults override the file's, and it would wait for a key for ever.
    const overrides = ['--auth-client-required=none', '--ms_mon_client_mode=crc'];
    const gateway = this.#start('radosgw', '-n', 'client.admin', ...overrides);
    for (const end = Date.now() + startMilliseconds; Date.now() < end; await sleep(200)) {
      if (gateway.exitCode !== null) throw new Error(`radosgw ended:\n${this.#logTail()}`);
      const answer = await fetch(this.endpoint).catch(() => undefined); // Refused until it listens.
      await answer?.body?.cancel();
      if (answer?.ok) return;
    }
    throw new Error(`radosgw did not answer within ${startMilliseconds / 1000} s:\n${this.#logTail()}`);
  }

  async addUser(user: { readonly accessKeyId: string; readonly secretAccessKey: string }): Promise<void> {
    const names = ['--uid=test', '--display-name=test'];
    const keys = [`--access-key=${user.accessKeyId}`, `--secret-key=${user.secretAccessKey}`];
    await this.#run('radosgw-admin', 'user', 'create', ...names, ...keys);
  }

  async stop(): Promise<void> {
    process.off('exit', this.#onExit);
    const running = this.#daemons.filter((daemon) => daemon.exitCode === null && daemon.signalCode === null);
    const ended = Promise.all(running.map((daemon) => once(daemon, 'exit')));
    for (const daemon of running) daemon.kill('SIGKILL');
    await ended;
    this.#removeAll();
  }

  /** Everything is in memory or in the folder: nothing is worth a slow shutdown. */
  #removeAll(): void {
    for (const daemon of this.#daemons) daemon.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(program: string, ...rest: readonly string[]): Promise<void> {
    const all = program === 'monmaptool' ? rest : ['-c', this.#config, ...rest];
    try {
      await promisify(execFile)(program, all, { timeout: startMilliseconds });
    } catch (error) {
      throw new Error(`${program} ${rest[0]} failed:\n${this.#logTail()}`, { cause: error });
    }
  }

  /** In the foreground, and killed by the kernel when this process ends in whatever way. */
  #start(program: string, ...rest: readonly string[]): ChildProcess {
    const all = ['--pdeathsig', 'KILL', program, '-f', '-c', this.#config, ...rest];
    const daemon = spawn('setpriv', all, { stdio: 'ignore' });
    this.#daemons.push(daemon);
    return daemon;
  }

  #logTail(): string {
    try {
      return readFileSync(join(this.#folder, 'log'), 'utf8').split('\n').slice(-20).join('\n');
    } catch {
      return 'it left no log';
    }
  }

  #configText(): string {
    const folder = this.#folder;
    return `
[global]
fsid = ${this.#clusterId}
mon host = ${this.#monitors}
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
keyring = ${folder}/keyring

# One copy of everything, in memory.
osd objectstore = memstore
memstore device bytes = ${8 * 1024 ** 3}
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
mon allow pool size one = true
mon warn on pool no redundancy = false

run dir = ${folder}
log file = ${folder}/log
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
crash dir = ${folder}
mon data = ${folder}/mon/a
osd data = ${folder}/osd
mgr data = ${folder}/mgr

[mon.a]
host = localhost
# A nearly full disk does not matter to a store in memory.
mon data avail warn = 1
mon data avail crit = 1

[client.admin]
rgw frontends = beast endpoint=${this.endpoint.replace('http://', '')}
`;
  }
}

/** Ports of the loopback interface that are free now; all are held until the last is found, so they differ. */
async function freePorts(count: 3): Promise<Ports> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [a = 0, b = 0, c = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [a, b, c];
}

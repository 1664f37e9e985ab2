/** nginx from Debian on a free port of loopback: a server that is not ours and serves one folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastingPort } from './lasting-port.ts';

export interface Nginx extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What it serves. */
  readonly folder: string;
}

/** Starts nginx with `more` in its server block; disposing of it ends it and removes the folder. */
export async function startNginx(more = ''): Promise<Nginx> {
  const state = await mkdtemp(join(tmpdir(), 'sluice-nginx-'));
  const folder = join(state, 'served');
  await mkdir(folder);
  const port = await lastingPort();
  const config = join(state, 'nginx.conf');
  await writeFile(config, configuration(state, `listen 127.0.0.1:${port}; root ${folder}; ${more}`));
  const errors = join(state, 'error.log');
  // Its first words go to standard error, before it has read where its log is.
  const child = spawn('nginx', ['-c', config, '-e', errors], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill('SIGQUIT');
    await ended;
    await rm(state, { recursive: true, force: true });
  };
  const giveUpAt = performance.now() + 30_000;
  while (performance.now() < giveUpAt && child.exitCode === null) {
    const answers = await fetch(url, { method: 'HEAD' }).then(
      () => true,
      () => false,
    );
    if (answers) return { url, folder, [Symbol.asyncDispose]: stop };
    await delay(25);
  }
  await stop();
  throw new Error(`nginx did not answer at ${url}`);
}

function configuration(state: string, server: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = places.map((name) => `${name}_temp_path ${state}/${name};`).join(' ');
  return `daemon off; worker_processes 1; pid ${state}/pid; error_log ${state}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 64; }
http { access_log off; ${temporary} server { ${server} } }
`;
}

/** nginx from Debian, on a free port of loopback, serving one folder with sendfile: the peer for ranges. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, type Server } from './processes.ts';

export function startNginx(folder: string, stateDir: string): Promise<Server> {
  return startNginxWith(stateDir, { server: `root ${folder};` });
}

export interface NginxPlan {
  /** Directives of the `http` block, before the server. */
  readonly http?: string;
  /** Directives of the one `server` block; where it listens is added. */
  readonly server: string;
}

/** An nginx of our own making. Its log of errors and its temporary files are in `stateDir`. */
export async function startNginxWith(stateDir: string, { http = '', server }: NginxPlan): Promise<Server> {
  const port = await freePort();
  const config = join(stateDir, 'nginx.conf');
  await writeFile(
    config,
    `daemon off; worker_processes 2; pid ${stateDir}/nginx.pid; error_log ${stateDir}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path ${stateDir}/body; proxy_temp_path ${stateDir}/proxy; fastcgi_temp_path ${stateDir}/fastcgi;
  uwsgi_temp_path ${stateDir}/uwsgi; scgi_temp_path ${stateDir}/scgi;
  ${http}
  server { listen 127.0.0.1:${port}; ${server} }
}
`,
  );
  const child = spawn('nginx', ['-c', config, '-e', join(stateDir, 'error.log')], { stdio: 'inherit' });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return { url, pid: child.pid ?? 0, [Symbol.asyncDispose]: () => end(child) };
    await sleep(50);
  }
  await end(child);
  throw new Error(`nginx did not answer at ${url}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

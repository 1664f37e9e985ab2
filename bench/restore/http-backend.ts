/**
 * The peer: a repository over HTTP as git itself serves it, with its own `http-backend` as a CGI program behind nginx.
 * nginx hands on what comes without writing it to disk; fcgiwrap runs one backend at a time, which is all that one
 * clone asks for.
 */
import { spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDebianPackages } from '../../scripts/debian.ts';
import { startNginxWith } from '../nginx.ts';
import { end } from '../processes.ts';
import { git, gitEnvironment } from './git.ts';
import type { Watched } from './usage.ts';

export interface HttpBackend extends AsyncDisposable {
  /** Where the repositories of the folder are: `${url}/NAME.git`. */
  readonly url: string;
  readonly watched: Watched;
}

/** Serves the repositories in `projects`; its own files are in `stateDir`. */
export async function startHttpBackend(projects: string, stateDir: string): Promise<HttpBackend> {
  await ensureDebianPackages(
    ['nginx-light', 'fcgiwrap'],
    'git over HTTP, beside which restoring is measured',
  );
  await mkdir(stateDir, { recursive: true });
  const socket = join(stateDir, 'fcgi.socket');
  const wrap = spawn('fcgiwrap', ['-f', '-s', `unix:${socket}`], { env: gitEnvironment, stdio: 'inherit' });
  const stop = new AsyncDisposableStack();
  stop.defer(() => end(wrap));
  try {
    await until(socket);
    const script = join(await git(stateDir, '--exec-path'), 'git-http-backend');
    const nginx = stop.use(
      await startNginxWith(stateDir, { server: `location / { ${handOn(socket, script, projects)} }` }),
    );
    return {
      url: nginx.url,
      watched: { 'git http-backend': wrap.pid ?? 0, nginx: nginx.pid },
      [Symbol.asyncDispose]: () => stop.disposeAsync(),
    };
  } catch (error) {
    await stop.disposeAsync();
    throw error;
  }
}

/** What the CGI program wants to know (gitprotocol-http, RFC 3875); the request's fields go along by themselves. */
function handOn(socket: string, script: string, projects: string): string {
  const parameters = {
    SCRIPT_FILENAME: script,
    GIT_PROJECT_ROOT: projects,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: '$uri',
    QUERY_STRING: '$query_string',
    REQUEST_METHOD: '$request_method',
    CONTENT_TYPE: '$content_type',
    CONTENT_LENGTH: '$content_length',
    REMOTE_ADDR: '$remote_addr',
  };
  const lines = Object.entries(parameters).map(([name, value]) => `fastcgi_param ${name} ${value};`);
  return `fastcgi_pass unix:${socket}; client_max_body_size 0; fastcgi_read_timeout 1h;
    fastcgi_buffer_size 64k; fastcgi_buffers 16 64k; fastcgi_busy_buffers_size 128k; fastcgi_max_temp_file_size 0;
    ${lines.join(' ')}`;
}

async function until(socket: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = await stat(socket).catch(() => undefined);
    if (found) return;
    await sleep(50);
  }
  throw new Error('fcgiwrap did not listen');
}

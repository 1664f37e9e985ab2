/**
 * The console's own origin in the desktop window: `app://console`. A custom scheme instead of `file:` gives the
 * page an origin, a strict Content-Security-Policy as a header, and no way to any other file.
 *
 * The console's files are read once, at start. A request is looked up among them and never joined to a path, so there
 * is nothing to traverse.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { protocol } from 'electron';
import { contentSecurityPolicyText } from '#shared/content-security-policy.ts';

const scheme = 'app';

/** Where the console is. */
export const consoleOrigin = `${scheme}://console`;

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
};

const headers = {
  'Content-Security-Policy': contentSecurityPolicyText(),
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** Call before Electron is ready. */
export function registerConsoleScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

interface ConsoleFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/** Serves the files in `consoleDir` under the console's origin. Call when Electron is ready. */
export async function serveConsole(consoleDir: string): Promise<void> {
  const files = await readFiles(consoleDir);
  protocol.handle(scheme, ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const file = host === 'console' && method === 'GET' ? files.get(pathname) : undefined;
    if (file === undefined) return new Response('Not found', { status: 404, headers });
    return new Response(file.bytes, { headers: { ...headers, 'Content-Type': file.mediaType } });
  });
}

/** By URL path; `/` is the page. */
async function readFiles(directory: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  const files = new Map<string, ConsoleFile>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const mediaType = mediaTypes[extname(path)] ?? 'application/octet-stream';
    const urlPath = `/${relative(directory, path).split(sep).join('/')}`;
    files.set(urlPath === '/index.html' ? '/' : urlPath, {
      bytes: new Uint8Array(await readFile(path)),
      mediaType,
    });
  }
  return files;
}

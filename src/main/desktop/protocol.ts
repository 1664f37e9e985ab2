/**
 * The console's own origin in the desktop window: `app://console`. A custom scheme instead of `file:` gives the
 * page an origin, a strict Content-Security-Policy as a header, and no way to any other file.
 *
 * The files that may be served are listed once, at start. A request is looked up in that list and never joined to a
 * path, so there is nothing to traverse.
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

/** Serves the files in `consoleDir` under the console's origin. Call when Electron is ready. */
export async function serveConsole(consoleDir: string): Promise<void> {
  const files = await listFiles(consoleDir);
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === 'console' && request.method === 'GET' ? files.get(pathname) : undefined;
    if (file === undefined) return new Response('Not found', { status: 404, headers });
    const type = mediaTypes[extname(file)] ?? 'application/octet-stream';
    return new Response(await readFile(file), { headers: { ...headers, 'Content-Type': type } });
  });
}

/** URL path → file; `/` is the page. */
async function listFiles(directory: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const byPath = files.map((file) => [`/${relative(directory, file).split(sep).join('/')}`, file] as const);
  return new Map([...byPath, ['/', join(directory, 'index.html')]]);
}

/** Opens an address in the browser of whoever sits here. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/**
 * The address has a token in it, and others on the machine see arguments: so what is opened is a page in `folder`,
 * which only its owner can read, and which leads there. False when there is nothing that opens pages.
 */
export async function openBrowser(url: string, folder: string): Promise<boolean> {
  const page = join(folder, 'open.html');
  await writeFile(page, leadingTo(url), { mode: 0o600 });
  const [program = '', ...before] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...before, pathToFileURL(page).href], { stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function leadingTo(url: string): string {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html><meta charset="utf-8"><title>Sluice</title><meta http-equiv="refresh" content="0; url=${address}"><a href="${address}">Open</a>\n`;
}

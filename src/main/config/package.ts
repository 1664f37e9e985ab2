/** Where Sluice is installed, found from this module: the same from source, from a bundle and inside Electron. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '#shared/errors.ts';

/** The folder that holds Sluice's package.json. @throws SluiceError INVARIANT when there is none above this module */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isSluicePackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new SluiceError('INVARIANT', "Sluice's package.json was not found");
    folder = parent;
  }
  return folder;
}

/** True when `folder` holds the package.json of Sluice. */
export function isSluicePackage(folder: string): boolean {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return false;
  const { name } = JSON.parse(readFileSync(path, 'utf8')) as { readonly name?: unknown };
  return name === 'sluice';
}

/** The built console, as static files. */
export function consoleFolder(): string {
  return join(packageFolder(), 'out', 'renderer');
}

/** Where scripts keep what is costly to make or to fetch again. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `SLUICE_CACHE_DIR`, else `sluice` in the user's cache folder. */
export function cacheDir(): string {
  const { SLUICE_CACHE_DIR, XDG_CACHE_HOME } = process.env;
  return resolve(SLUICE_CACHE_DIR ?? join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'sluice'));
}

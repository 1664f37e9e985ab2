/** Which package or module a function belongs to, told from its name and file; and the shade that it is drawn in. */
import type { ColorName } from '../../ui/palette.ts';

/** `store` of `github.com/me/it/store.(*S3).get`, `net/http`, `node:fs`, `src/read`; empty where nobody says. */
export function moduleOf(name: string, file: string): string {
  const go = /^((?:[\w.~-]+\/)*[\w~-]+)\.(?:\(\*?[\w.[\]]+\)\.|[A-Za-z_])/.exec(name)?.[1];
  if (isScript(file) || go === undefined) return fileModule(file) || (/^(.+?)(?:::|`)/.exec(name)?.[1] ?? '');
  return go;
}

function isScript(file: string): boolean {
  return /\.(?:[cm]?[jt]sx?)$|^node:|^file:|^https?:|^app:/.test(file);
}

/** The folder of a file, or the package that it was installed with. */
function fileModule(file: string): string {
  const installed = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  if (installed !== undefined) return installed;
  if (file.startsWith('node:')) return file;
  return file.replace(/^\w+:\/\/[^/]*/, '').replace(/\/?[^/]*$/, '');
}

export const shades = [
  'shade-1',
  'shade-2',
  'shade-3',
  'shade-4',
  'shade-5',
] as const satisfies readonly ColorName[];

/**
 * Functions of one package have one shade, everywhere; of scripts, whose packages are large, those of one file. Where
 * nobody says, it is the first.
 */
export function shadeOf(name: string, file: string): (typeof shades)[number] {
  const module = isScript(file) ? file : moduleOf(name, file);
  if (module === '') return shades[0];
  let hash = 7;
  for (let at = 0; at < module.length; at += 1) hash = (Math.imul(hash, 31) + module.charCodeAt(at)) | 0;
  return shades[Math.abs(hash ^ (hash >>> 11)) % shades.length] ?? shades[0];
}

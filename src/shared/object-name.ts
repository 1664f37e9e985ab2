/** Names of objects as people tell them apart. */

/** Files that every repository has: the repository is the name that tells them apart. */
const generic = /^(snapshot\.tar\.zst|[^/]*\.bundle)$/;

/** A path in two parts: what tells it apart, and what follows. Hosts and folders before it are left to the tooltip. */
export function splitObject(name: string): { readonly main: string; readonly rest: string } {
  const segments = name.split('/').filter((segment) => segment !== '');
  const file = segments.at(-1) ?? name;
  if (segments.length < 3 || !generic.test(file))
    return { main: segments.slice(-2).join('/') || name, rest: '' };
  return { main: segments.slice(-3, -1).join('/'), rest: `/${file}` };
}

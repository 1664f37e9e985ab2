/**
 * Links into the console: `sluice://requests/17?q=status:416` is what `#/requests/17?q=status:416` is in a browser.
 * Anybody can make the system open one, so a link is a place to look at and nothing else: it is taken apart and only
 * ever becomes the part of the address after the `#`.
 */

const scheme = 'sluice:';

/** Longer than any place in the console. */
const maxLength = 4096;

/** The `#…` that a link leads to; `undefined` for what is no link. */
export function hashOfLink(link: string): string | undefined {
  if (link.length > maxLength || !link.startsWith(`${scheme}//`)) return undefined;
  if (!URL.canParse(link)) return undefined;
  const { host, pathname, search, hash, username, password } = new URL(link);
  if (username !== '' || password !== '') return undefined;
  // A link may also carry the address of a browser as it stands: `sluice://console/#/requests`.
  if (hash.startsWith('#/')) return hash;
  if (!/^[a-z][a-z-]*$/.test(host)) return host === '' && pathname.length <= 1 ? '#/' : undefined;
  return `#/${host}${pathname === '/' ? '' : pathname}${search}`;
}

/** The first link in a command line, and the rest of it. */
export function linkIn(commandLine: readonly string[]): {
  readonly link: string | undefined;
  readonly rest: readonly string[];
} {
  const isLink = (argument: string): boolean => argument.startsWith(`${scheme}//`);
  return {
    link: commandLine.find(isLink),
    rest: commandLine.filter((argument) => !isLink(argument)),
  };
}

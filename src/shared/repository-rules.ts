/**
 * Which repositories a server may mirror, and where it fetches them from. A rule is `https://HOST/PATH`, or with a `*`
 * as its last segment all repositories below; `=URL` after it names another place to fetch from, so that a local
 * repository can be served under a real name. A `*` at the end of that URL stands for what the first one stands for.
 */

export interface RepositoryRule {
  /** As it was written. */
  readonly text: string;
  /** Lower case, with the port if there is one. */
  readonly host: string;
  /** Without slashes at its ends; ends in `*` for all that is below. */
  readonly path: string;
  readonly fetchUrl?: string | undefined;
}

/** What a rule is tried against: a repository by its upstream URL. */
interface Named {
  readonly host: string;
  readonly path: string;
}

const upstream =
  /^https:\/\/(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?)\/(?<path>[^=?#]+)$/;
const segment = /^[A-Za-z0-9_.~+@-]+$/;
/** No user with a password: rules are shown to everybody. */
const fetchUrl = /^(?:https?:\/\/[^\s@?#]+|ssh:\/\/(?:[^\s:@/?#]+@)?[^\s@?#]+|file:\/\/\/[^\s?#]+)$/;

/** What is allowed, in words. */
export const allowedRules =
  'https://HOST/PATH or https://HOST/OWNER/*, each with =URL (https, http, ssh or file) if it is fetched from elsewhere';

/** The rule that `text` is, or `undefined` when it is none. */
export function parseRepositoryRule(text: string): RepositoryRule | undefined {
  const [name = '', ...rest] = text.split('=');
  const from = rest.length > 0 ? rest.join('=') : undefined;
  const match = upstream.exec(name)?.groups;
  if (!match) return undefined;
  const { host = '', path: written = '' } = match;
  const path = written.replace(/\.git$/, '');
  const isPattern = path === '*' || path.endsWith('/*');
  const segments = (isPattern ? path.slice(0, -1).replace(/\/$/, '') : path).split('/');
  const isBare = isPattern && segments.length === 1 && segments[0] === '';
  const isSane = segments.every((part) => segment.test(part) && part !== '.' && part !== '..');
  if (!isBare && !isSane) return undefined;
  if (from !== undefined && !isFetchUrl(from, isPattern)) return undefined;
  return { text, host: host.toLowerCase(), path, fetchUrl: from };
}

/** The rule that allows `repository`: an exact one before a pattern, else `undefined`. */
export function ruleFor(rules: readonly RepositoryRule[], repository: Named): RepositoryRule | undefined {
  const exact = rules.find(({ host, path }) => host === repository.host && path === repository.path);
  return exact ?? rules.find((rule) => isPatternFor(rule, repository));
}

/** Where `repository`, which `rule` allows, is fetched from. */
export function fetchUrlOf(rule: RepositoryRule, { host, path }: Named): string {
  if (rule.fetchUrl === undefined) return `https://${host}/${path}`;
  if (!isPattern(rule)) return rule.fetchUrl;
  return rule.fetchUrl.slice(0, -1) + path.slice(rule.path.length - 1);
}

/** Whether the rule allows all that is below something. */
export function isPattern({ path }: Pick<RepositoryRule, 'path'>): boolean {
  return path.endsWith('*');
}

function isPatternFor(rule: RepositoryRule, { host, path }: Named): boolean {
  const above = rule.path.slice(0, -1);
  return isPattern(rule) && rule.host === host && path.startsWith(above) && path.length > above.length;
}

function isFetchUrl(text: string, ofPattern: boolean): boolean {
  const base = ofPattern ? text.replace(/\/\*$/, '') : text;
  return (!ofPattern || base !== text) && !base.includes('*') && fetchUrl.test(base);
}

/**
 * The only configuration that git sees: what makes it do the same on every machine, and who may log in where.
 *
 * - `safe.directory`: the folder is the one that the user named.
 * - No reflogs: they would carry local paths and names into archives. No hooks, and nothing of the user's about which
 *   files to ignore or to convert.
 * - No background maintenance: it would outlive the command.
 * - `fetch.unpackLimit`: what is fetched stays in its pack, which git syncs to disk; loose objects it does not, and
 *   after a power failure some of them would be empty files.
 * - `fetch.fsckObjects` is off: many real repositories have, deep in their history, a commit without an e-mail address
 *   or a tree with padded modes, and strict checks refuse the whole repository for it. A mirror has to be faithful.
 *   That objects are whole and connected git checks all the same, and what is dangerous in a tree (a path into
 *   `.git`) it refuses at checkout.
 * - `pack.windowMemory`: each thread that looks for deltas would hold as much as ten large files have.
 * - `http.followRedirects`: a moved repository is found, but no later answer leads elsewhere. Credentials are by host.
 * - `http.lowSpeed…`: two minutes of complete silence end a transfer; slow ones go on.
 * - `transfer.credentialsInUrl`: a password in a URL would be in process lists and in the mirror's configuration.
 *
 * `protocol.file.allow` is not needed: since git 2.38.1 file:// is for URLs that a user names, not for submodules,
 * and nothing here follows submodules.
 */
const common = `[safe]
	directory = *
[core]
	logAllRefUpdates = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
[init]
	defaultBranch = main
[advice]
	detachedHead = false
[gc]
	auto = 0
[maintenance]
	auto = false
[fetch]
	unpackLimit = 1
	fsckObjects = false
	recurseSubmodules = false
[submodule]
	recurse = false
[pack]
	windowMemory = 256m
[transfer]
	credentialsInUrl = die
[http]
	followRedirects = initial
	lowSpeedLimit = 1
	lowSpeedTime = 120
[user]
	name = Sluice
	email = sluice@localhost
`;

/** One setting: `credential.https://github.com.helper`, and its value; one without a value is set. */
export interface Setting {
  readonly key: string;
  readonly value: string | undefined;
}

/** The text of a configuration file: what is common, then `settings` in their order. */
export function configurationText(settings: readonly Setting[]): string {
  return common + settings.map(writeSetting).join('');
}

function writeSetting({ key, value }: Setting): string {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  const scope = last > first ? ` "${key.slice(first + 1, last).replace(/["\\]/g, '\\$&')}"` : '';
  const set = value === undefined ? '' : ` = ${quote(value)}`;
  return `[${key.slice(0, first)}${scope}]\n\t${key.slice(last + 1)}${set}\n`;
}

function quote(value: string): string {
  const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

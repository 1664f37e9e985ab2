/**
 * The effective settings: defaults < saved in the console < configuration file < environment < flags, and for each
 * where it came from.
 * Everything is read from the one table in shared/config.ts; what is wrong is said in one line that calls the
 * setting as whoever set it wrote it: `--port`, `SLUICE_PORT`, or `port in /etc/sluice.json`.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import {
  isLoopback,
  settings,
  type Config,
  type Provenance,
  type Setting,
  type SettingName,
} from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';
import { defaultBudgetBytes, planMemory } from '#shared/memory-plan.ts';
import { effectiveMemoryBytes } from './effective-memory.ts';
import { quoted, systemReason } from './quoted.ts';

/** What was given on the command line, as text; `config` is the configuration file. */
export type FlagValues = Readonly<Partial<Record<SettingName, string | boolean>>> & {
  readonly config?: string;
};

export interface ConfigSources {
  readonly flags: FlagValues;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile?: (path: string) => string;
  /** How much memory this process may use; asked when no budget was given. */
  readonly memoryBytes?: () => number;
  /** What the console has saved, instead of what lies in the data folder: to see what it would come to. */
  readonly saved?: Readonly<Record<string, unknown>>;
}

/** Where a setting came from. */
export interface Origin {
  readonly provenance: Provenance;
  /** As whoever set it wrote it: `--port`, `SLUICE_PORT`, `port in /etc/sluice.json`; the flag for a default. */
  readonly name: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<SettingName, Origin>>;
}

/** One setting as somebody gave it. `name` is how they wrote it; relative paths start at `base`. */
interface Given {
  readonly value: unknown;
  readonly provenance: Provenance;
  readonly name: string;
  readonly base: string;
}

const names = Object.keys(settings) as readonly SettingName[];

/** What the console may save: all but where it saves it. */
export const savable = names.filter((name) => name !== 'dataDir');

/**
 * Reads and checks every setting; nothing is created or changed.
 * @throws SluiceError INVALID_INPUT: one line that names the setting, its value and what is allowed
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const file = readConfigFile(sources);
  const dataDirGiven = find('dataDir', sources, file, nothingSaved);
  const dataDir = resolve(dataDirGiven?.base ?? '', String(accept('dataDir', dataDirGiven)));
  const saved = readSaved(sources, dataDir);
  const given = new Map(names.map((name) => [name, find(name, sources, file, saved)]));
  const values = new Map(names.map((name) => [name, accept(name, given.get(name))]));
  values.set('dataDir', dataDir);
  // The table's schemas make the values; the table and Config are kept in step by the test of the defaults.
  const config = Object.fromEntries(values) as unknown as Config;
  const { memoryBytes = effectiveMemoryBytes } = sources;
  const memoryBudgetBytes = config.memoryBudgetBytes ?? defaultBudgetBytes(memoryBytes());
  const memoryCacheBytes = config.memoryCacheBytes ?? memoryBudgetBytes;
  const requireToken = tokenRule(config, given.get('requireToken'));
  const basePath = config.basePath ?? new URL(config.publicUrl ?? 'http://none').pathname.replace(/\/$/, '');
  const effective = { ...config, memoryBudgetBytes, memoryCacheBytes, requireToken, basePath };
  const nameOf = (name: SettingName) => given.get(name)?.name ?? flagName(name);
  planMemory(effective, {
    memoryBudgetBytes: nameOf('memoryBudgetBytes'),
    chunkBytes: nameOf('chunkBytes'),
  });
  const origins = names.map((name) => [name, originOf(name, given.get(name))] as const);
  return { config: effective, origins: Object.fromEntries(origins) as LoadedConfig['origins'] };
}

function originOf(name: SettingName, given: Given | undefined): Origin {
  return { provenance: given?.provenance ?? 'default', name: given?.name ?? flagName(name) };
}

/**
 * Tokens are required where other machines can reach the server, directly or by the public URL of a proxy.
 * @throws SluiceError INVALID_INPUT when they are turned off for a server that others reach directly
 */
function tokenRule({ host, publicUrl, requireToken }: Partial<Config>, given: Given | undefined): boolean {
  const isLocal = isLoopback(host ?? '');
  if (requireToken === false && !isLocal) {
    throw new SluiceError(
      'INVALID_INPUT',
      `${given?.name} "false": allowed is true while the server listens on ${quoted(host)}, which other machines reach`,
    );
  }
  const isPublic = publicUrl !== undefined && !isLoopback(new URL(publicUrl).hostname);
  return requireToken ?? (!isLocal || isPublic);
}

/** `--port`, `--no-demo`. */
function flagName(name: SettingName): string {
  return `--${settings[name].flag}`;
}

function find(
  name: SettingName,
  { flags, env }: ConfigSources,
  file: ConfigFile,
  saved: ConfigFile,
): Given | undefined {
  const base = process.cwd();
  if (flags[name] !== undefined) {
    return { value: flags[name], provenance: 'flag', name: flagName(name), base };
  }
  const variable = settings[name].env;
  if (env[variable] !== undefined && env[variable] !== '') {
    return { value: env[variable], provenance: 'environment', name: variable, base };
  }
  return findIn(file, 'file', name) ?? findIn(saved, 'saved', name);
}

function findIn(file: ConfigFile, provenance: Provenance, name: SettingName): Given | undefined {
  if (!Object.hasOwn(file.values, name)) return undefined;
  return {
    value: file.values[name],
    provenance,
    name: `${name} in ${file.path}`,
    base: dirname(file.path),
  };
}

function accept(name: SettingName, given: Given | undefined): unknown {
  const setting: Setting = settings[name];
  if (!given) return name === 'dataDir' ? envPaths('sluice', { suffix: '' }).data : setting.fallback;
  const result = setting.schema.safeParse(given.value);
  if (result.success) return result.data;
  throw new SluiceError(
    'INVALID_INPUT',
    `${given.name} ${quoted(given.value)}: allowed is ${setting.allowed}`,
  );
}

interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const nothingSaved: ConfigFile = { path: '', values: {} };

/** Where the console keeps what somebody saved in it. */
export function savedSettingsPath(dataDir: string): string {
  return join(dataDir, 'settings.json');
}

/** What the console has saved. The data folder cannot be among it: it says where the file is. */
function readSaved({ saved, readFile = readText }: ConfigSources, dataDir: string): ConfigFile {
  const path = savedSettingsPath(dataDir);
  if (saved) return { path, values: saved };
  let text: string;
  try {
    text = readFile(path);
  } catch {
    // Nobody has saved anything; a folder that cannot be read is refused by whoever writes to it.
    return nothingSaved;
  }
  const refuse: Refuse = (why, cause) =>
    new SluiceError(
      'INVALID_INPUT',
      `${path} ${why}: it holds what was saved in the console; mend it or take it away`,
      { cause },
    );
  return { path, values: readSettings(text, path, refuse, savable) };
}

type Refuse = (why: string, cause?: unknown) => SluiceError;

function readConfigFile({ flags, env, readFile = readText }: ConfigSources): ConfigFile {
  const [option, given] =
    flags.config === undefined ? ['SLUICE_CONFIG', env['SLUICE_CONFIG']] : ['--config', flags.config];
  if (given === undefined || (given === '' && option === 'SLUICE_CONFIG')) return { path: '', values: {} };
  const path = resolve(given);
  const refuse: Refuse = (why, cause) =>
    new SluiceError(
      'INVALID_INPUT',
      `${option} ${quoted(given)} ${why}: allowed is a JSON file of settings`,
      { cause },
    );
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw refuse(`cannot be read (${systemReason(error)})`, error);
  }
  return { path, values: readSettings(text, path, refuse, names) };
}

function readSettings(
  text: string,
  path: string,
  refuse: Refuse,
  known: readonly SettingName[],
): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw refuse(`is not JSON (${systemReason(error)})`, error);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw refuse('is not a JSON object');
  const unknown = Object.keys(parsed).find((key) => !known.some((name) => name === key));
  if (unknown === undefined) return { ...parsed };
  throw new SluiceError(
    'INVALID_INPUT',
    `${quoted(unknown)} in ${path} is not a setting: allowed are ${known.join(', ')}`,
  );
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}

/** What a bundle says about the server itself: its settings without secrets, and what runs it. */
import { arch, availableParallelism, freemem, platform, release, totalmem } from 'node:os';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import type { LoadedConfig } from '#main/config/load.ts';
import { safeUrl } from '#shared/redact.ts';
import { version } from '#main/version.ts';
import { settings, type SettingName } from '#shared/config.ts';
import { settingText } from '#shared/setting-text.ts';

export interface SettingFact {
  readonly name: string;
  readonly value: string;
  readonly provenance: string;
  readonly origin: string;
}

export interface SettingFacts {
  readonly settings: readonly SettingFact[];
  /** What was taken out, in sentences. */
  readonly redactions: readonly string[];
}

const names = Object.keys(settings) as readonly SettingName[];

/** Every setting in force. Values that may let somebody in are cut down to what names the place. */
export function settingFacts({ config, origins }: LoadedConfig): SettingFacts {
  const redactions: string[] = [];
  const facts = names.map((name): SettingFact => {
    const text = settingText(name, config[name]);
    const value = name === 'alertWebhook' ? originOnly(text) : safeUrl(text);
    if (value !== text)
      redactions.push(`settings.json: ${name}: ${whatWent[name] ?? 'user, password or token'}`);
    return { name, value, provenance: origins[name].provenance, origin: safeUrl(origins[name].name) };
  });
  return { settings: facts, redactions };
}

const whatWent: Readonly<Partial<Record<SettingName, string>>> = {
  alertWebhook: 'path and query of the URL',
};

/** Of a URL the place; the rest may be a secret. */
function originOnly(text: string): string {
  if (!URL.canParse(text)) return text;
  const { origin, href } = new URL(text);
  return href === `${origin}/` ? text : `${origin}/…`;
}

/** What is never in a bundle, because it is not kept in the first place. */
export const neverThere = [
  'Bodies: Sluice never records them.',
  'Header fields and query parameters of requests: a recording has only rows.',
  'Files that settings name (tokens, the secret of the webhook): the bundle has their paths alone.',
  'Tokens and sessions of the console, and tokens of other servers.',
] as const;

/** What is in a bundle and may be private all the same. */
export const stillThere = [
  "Addresses of clients, names of objects and repositories, and this server's address and host name.",
  'What somebody wrote in notes and marks, as it is.',
  'Names of functions and paths of their files, in profiles.',
] as const;

/** What heap snapshots bring along, whatever else was taken out. */
export function snapshotFacts(files: readonly { readonly name: string }[]): readonly string[] {
  return files
    .filter(({ name }) => name.endsWith('.heapsnapshot'))
    .map(
      ({ name }) => `${name} has every string of its process in it, secrets too: look before you send it on.`,
    );
}

export function versionFacts(): object {
  return {
    sluice: version,
    runtime: process.versions,
    platform: platform(),
    release: release(),
    arch: arch(),
    processors: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

/** The process at this instant. */
export function processFacts(): object {
  return {
    at: Date.now(),
    uptimeSeconds: process.uptime(),
    memory: process.memoryUsage(),
    resources: process.resourceUsage(),
    heap: getHeapStatistics(),
    heapSpaces: getHeapSpaceStatistics(),
    freeMemoryBytes: freemem(),
  };
}

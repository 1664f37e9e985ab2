/** The settings in words. */
import type { SettingState } from '#shared/contract/settings.ts';

/** `8 MiB`-like values as they are written; lists by their number. */
export function inForceWords({ value }: SettingState): string {
  if (value === '') return 'not set';
  const lines = value.split('\n');
  return lines.length > 1 ? `${lines.length} rules` : value;
}

/** Who says so: `default`, `flag --port`, `environment SLUICE_PORT`. */
export function whoWords({ provenance, origin }: SettingState): string {
  if (provenance === 'default') return 'default';
  if (provenance === 'saved') return 'saved here';
  return provenance === 'file' ? `file: ${origin}` : `${provenance} ${origin}`;
}

/** What becomes of it later, if anything does. */
export function nextWords({ provenance, origin, saved, value, next }: SettingState): string | undefined {
  if (next !== undefined) return `${next === '' ? 'Not set' : next} after a restart.`;
  const decidesElsewhere = provenance === 'flag' || provenance === 'environment' || provenance === 'file';
  if (saved !== undefined && decidesElsewhere && saved !== value) {
    return `${saved} is saved here, but ${origin} decides.`;
  }
  return decidesElsewhere ? `Take ${origin} away to change it here.` : undefined;
}

/** How profiles, labels and ways into an icicle stand in an address. */
import type { WantedLabels } from './profile-questions.ts';

/** A profile as an address has it: what to ask somebody for, and how to know that it is the same. */
export interface ProfileName {
  readonly name: string;
  readonly id: string;
}

/** `incident.pb.gz~9f86d081884c7d65`. */
export function profileText({ name, id }: ProfileName): string {
  return `${name}~${id}`;
}

/** `undefined` for what is none. */
export function parseProfile(text: string | undefined): ProfileName | undefined {
  const match = /^(.*)~([0-9a-f]{16})$/s.exec(text ?? '');
  return match ? { name: match[1] ?? '', id: match[2] ?? '' } : undefined;
}

/** `client=10.1.4.7&tier=store`; `undefined` for none. */
export function labelsText(labels: WantedLabels): string | undefined {
  return labels.length === 0 ? undefined : new URLSearchParams(labels.map(([...pair]) => pair)).toString();
}

export function parseLabels(text: string | undefined): WantedLabels {
  return [...new URLSearchParams(text ?? '')];
}

/** `1k3f9a.9x0d1c`: the keys of names from the root down; `undefined` for the root. */
export function zoomText(keys: readonly string[]): string | undefined {
  return keys.length === 0 ? undefined : keys.join('.');
}

export function parseZoom(text: string | undefined): readonly string[] {
  return (text ?? '').split('.').filter((key) => /^[0-9a-z]{1,7}$/.test(key));
}

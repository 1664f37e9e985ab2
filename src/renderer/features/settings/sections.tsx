/** The parts of the settings, in their order; the first is where one starts. */
import type { ComponentType } from 'react';
import type { SettingGroup } from '#shared/config.ts';
import { Appearance } from './appearance.tsx';
import { Diagnostics } from './diagnostics.tsx';
import { Shortcuts } from './shortcuts.tsx';

interface Named {
  /** In the address: `#/settings/memory`. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
}

interface ServerSection extends Named {
  readonly kind: 'server';
  readonly name: SettingGroup;
}

interface ConsoleSection extends Named {
  readonly kind: 'console';
  readonly component: ComponentType;
}

export type Section = ServerSection | ConsoleSection;

const first: Section = {
  kind: 'server',
  name: 'memory',
  title: 'Memory',
  about: 'The budget that all bodies share, and how far one transfer may read ahead.',
};

export const sections: readonly Section[] = [
  first,
  {
    kind: 'server',
    name: 'caches',
    title: 'Caches',
    about: 'How much stays in memory and on disk of what nobody reads at the moment.',
  },
  {
    kind: 'server',
    name: 'store',
    title: 'Store',
    about: 'Where objects live, and how many requests go there at a time.',
  },
  {
    kind: 'server',
    name: 'repositories',
    title: 'Repositories',
    about: 'What may be mirrored, and how fresh it is kept.',
  },
  {
    kind: 'server',
    name: 'recordings',
    title: 'Recordings',
    about: 'What is recorded all the time, how much of it may be saved, and who is told of alerts.',
  },
  { kind: 'server', name: 'server', title: 'Server', about: 'Where it listens and keeps its own files.' },
  {
    kind: 'console',
    name: 'appearance',
    title: 'Appearance',
    about: 'Kept in this browser or window; the server does not know.',
    component: Appearance,
  },
  {
    kind: 'console',
    name: 'shortcuts',
    title: 'Shortcuts',
    about: 'Every command and its keys. A key that another command has is refused.',
    component: Shortcuts,
  },
  {
    kind: 'console',
    name: 'diagnostics',
    title: 'Diagnostics',
    about: 'What this console itself costs and misses.',
    component: Diagnostics,
  },
];

/** The section of that name, or the first. */
export function sectionNamed(name: string): Section {
  return sections.find((section) => section.name === name) ?? first;
}

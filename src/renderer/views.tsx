/** The console's views, in the rail's order; the first is where one starts. Each is a line here. */
import { type ComponentType, lazy } from 'react';
import { Activity, GitBranch, type LucideIcon, Settings } from 'lucide-react';
import { LiveView } from './features/live/live-view.tsx';

interface View {
  /** In the address: `#/repositories`. */
  readonly name: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly component: ComponentType;
}

/** Loaded when somebody goes there first. */
const RepositoriesView = lazy(async () => {
  const { RepositoriesView: component } = await import('./features/repositories/repositories-view.tsx');
  return { default: component };
});

const SettingsView = lazy(async () => {
  const { SettingsView: component } = await import('./features/settings/settings-view.tsx');
  return { default: component };
});

const live: View = {
  name: 'live',
  title: 'Live',
  icon: Activity,
  component: LiveView,
};

export const views: readonly View[] = [
  live,
  {
    name: 'repositories',
    title: 'Repositories',
    icon: GitBranch,
    component: RepositoriesView,
  },
  { name: 'settings', title: 'Settings', icon: Settings, component: SettingsView },
];

/** The view of that name, or the first. */
export function viewNamed(name: string): View {
  return views.find((view) => view.name === name) ?? live;
}

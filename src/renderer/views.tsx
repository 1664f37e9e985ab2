/** The console's views, in the rail's order; the first is where one starts. Each is a line here. */
import { type ComponentType, lazy } from 'react';
import { LiveView } from './features/live/live-view.tsx';

interface View {
  /** In the address: `#/repositories`. */
  readonly name: string;
  readonly title: string;
  /** Of 12 px. */
  readonly icon: string;
  readonly component: ComponentType;
}

/** Loaded when somebody goes there first. */
const RepositoriesView = lazy(async () => {
  const { RepositoriesView: component } = await import('./features/repositories/repositories-view.tsx');
  return { default: component };
});

const live: View = {
  name: 'live',
  title: 'Live',
  icon: 'M1 7h2l1.500-5 2.500 8 1.500-4.500H11',
  component: LiveView,
};

export const views: readonly View[] = [
  live,
  // A branch that leaves a trunk.
  {
    name: 'repositories',
    title: 'Repositories',
    icon: 'M3 4v4M3 1.500a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 1 0 0-2.400M3 8a1.200 1.200 0 1 0 0 2.400A1.200 1.200 0 1 0 3 8M9 3a1.200 1.200 0 1 0 0 2.400A1.200 1.200 0 1 0 9 3M9 5.400C9 7.500 5 6.500 3.200 8',
    component: RepositoriesView,
  },
];

/** The view of that name, or the first. */
export function viewNamed(name: string): View {
  return views.find((view) => view.name === name) ?? live;
}

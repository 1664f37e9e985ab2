/** The console's views, in the rail's order; the first is where one starts. Each is a line here. */
import { type ComponentType } from 'react';
import {
  Activity,
  ArrowDownToLine,
  Database,
  FlaskConical,
  GitBranch,
  ListFilter,
  MemoryStick,
  ChartNoAxesCombined,
  type LucideIcon,
  Settings,
  Siren,
} from 'lucide-react';
import { LiveView } from './features/live/live-view.tsx';
import { lazily } from './ui/lazily.ts';

interface View {
  /** In the address: `#/repositories`. */
  readonly name: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly component: ComponentType;
  /** A recording has what it shows. */
  readonly isRecorded?: true;
  /** Gone to by its command or its address, not from the rail: nobody needs it every day. */
  readonly place?: 'off the rail';
}

/** Loaded when somebody goes there first, as the others below. */
const RequestsView = lazily(async () => (await import('./features/requests/requests-view.tsx')).RequestsView);

const DownloadsView = lazily(
  async () => (await import('./features/downloads/downloads-view.tsx')).DownloadsView,
);

const RepositoriesView = lazily(
  async () => (await import('./features/repositories/repositories-view.tsx')).RepositoriesView,
);

const CacheView = lazily(async () => (await import('./features/cache/cache-view.tsx')).CacheView);

const HeapView = lazily(async () => (await import('./features/heap/heap-view.tsx')).HeapView);

const LabView = lazily(async () => (await import('./features/lab/lab-view.tsx')).LabView);

const ExperimentView = lazily(
  async () => (await import('./features/experiment/experiment-view.tsx')).ExperimentView,
);

const IncidentsView = lazily(
  async () => (await import('./features/incidents/incidents-view.tsx')).IncidentsView,
);

const SettingsView = lazily(async () => (await import('./features/settings/settings-view.tsx')).SettingsView);

const live: View = {
  name: 'live',
  title: 'Live',
  icon: Activity,
  component: LiveView,
  isRecorded: true,
};

export const views: readonly View[] = [
  live,
  { name: 'requests', title: 'Requests', icon: ListFilter, component: RequestsView, isRecorded: true },
  { name: 'lab', title: 'Range Lab', icon: FlaskConical, component: LabView },
  {
    name: 'downloads',
    title: 'Downloads',
    icon: ArrowDownToLine,
    component: DownloadsView,
    isRecorded: true,
  },
  { name: 'cache', title: 'Cache', icon: Database, component: CacheView },
  { name: 'heap', title: 'Heap', icon: MemoryStick, component: HeapView, isRecorded: true },
  { name: 'repositories', title: 'Repositories', icon: GitBranch, component: RepositoriesView },
  { name: 'incidents', title: 'Incidents', icon: Siren, component: IncidentsView },
  {
    name: 'experiment',
    title: 'Experiment',
    icon: ChartNoAxesCombined,
    component: ExperimentView,
    place: 'off the rail',
  },
  { name: 'settings', title: 'Settings', icon: Settings, component: SettingsView },
];

/** The view of that name, or the first. */
export function viewNamed(name: string): View {
  return views.find((view) => view.name === name) ?? live;
}

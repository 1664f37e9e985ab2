import { createContext, use } from 'react';
import type { Servers } from './servers.ts';

export const ServersContext = createContext<Servers | undefined>(undefined);

export function useServers(): Servers {
  const servers = use(ServersContext);
  if (!servers) throw new Error('used outside the console');
  return servers;
}

import { createContext, use } from 'react';
import type { Player } from '../playback/player.ts';
import type { Follower } from '../rpc/follow.ts';
import type { PaintLoop } from '../ui/paint-loop.ts';
import type { LiveStore } from './live-store.ts';
import type { Timeline } from './timeline.ts';

/** What every part of the Live view works with. */
export interface Live {
  readonly store: LiveStore;
  readonly timeline: Timeline;
  readonly loop: PaintLoop;
  readonly follower: Follower;
  /** What plays, when all of this is of a recording. */
  readonly player?: Player;
}

export const LiveContext = createContext<Live | undefined>(undefined);

export function useLive(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('used outside the Live view');
  return live;
}

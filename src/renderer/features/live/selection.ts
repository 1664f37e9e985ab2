/** The lane and the chunk that somebody has chosen: both stand in the address. */
import { go, parsePlace, usePlace } from '../../state/place.ts';

export interface Selection {
  readonly laneId: number | undefined;
  /** Where the chosen chunk starts in its object, in bytes. */
  readonly chunkStart: number | undefined;
  /** Without a lane nothing is chosen. */
  readonly select: (laneId: number | undefined, chunkStart?: number) => void;
}

export function useSelection(): Selection {
  const { params } = usePlace();
  return { laneId: numberOf(params['lane']), chunkStart: numberOf(params['chunk']), select };
}

function select(laneId: number | undefined, chunkStart?: number): void {
  const place = parsePlace(location.hash);
  const { lane: _lane, chunk: _chunk, who: _who, ...others } = place.params;
  const chosen = {
    ...(laneId === undefined ? {} : { lane: String(laneId) }),
    ...(laneId === undefined || chunkStart === undefined ? {} : { chunk: String(chunkStart) }),
  };
  go({ ...place, view: place.view === '' ? 'live' : place.view, params: { ...others, ...chosen } });
}

function numberOf(text = ''): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

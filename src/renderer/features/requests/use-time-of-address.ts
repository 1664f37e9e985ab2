import { useEffect } from 'react';
import { useLive } from '../../state/live-context.ts';
import { parsePlace } from '../../state/place.ts';
import { positionOf, timeParams } from '../live/address.ts';

/** An address that names a stretch of time, or a pause, shows it; one without leaves the time as it is. */
export function useTimeOfAddress(): void {
  const { timeline } = useLive();
  useEffect(() => {
    const { params } = parsePlace(location.hash);
    if (timeParams.some((name) => params[name] !== undefined)) timeline.restore(positionOf(params));
  }, [timeline]);
}

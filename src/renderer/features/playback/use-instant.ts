/** The address says which instant of the recording is shown, and what an address says is shown. */
import { useEffect, useRef } from 'react';
import type { Player } from '../../playback/player.ts';
import { go, instantParam, parsePlace } from '../../state/place.ts';
import { instantOf } from './instant.ts';

/** Milliseconds of standing still until the address says so: browsers refuse to rewrite it all the time. */
const writeAfterMs = 300;

export function useInstantInAddress(player: Player): void {
  const written = useRef(instantOf(parsePlace(location.hash).params));
  useEffect(() => {
    const read = (): void => {
      const at = instantOf(parsePlace(location.hash).params);
      if (at === undefined || at === written.current) return;
      written.current = at;
      player.pause();
      void player.seek(at);
    };
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, [player]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      clearTimeout(timer);
      // While it plays there is no one instant; where it is stopped is written.
      timer = setTimeout(() => {
        if (player.isPlaying) return;
        const at = Math.round(player.position);
        written.current = at;
        const place = parsePlace(location.hash);
        go({ ...place, params: { ...place.params, [instantParam]: `${at}` } }, 'replace');
      }, writeAfterMs);
    };
    later();
    const stop = player.changed.subscribe(later);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [player]);
}

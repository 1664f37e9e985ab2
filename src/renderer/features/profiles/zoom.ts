import { zoomText } from '../../state/profile-address.ts';
import { changeAddress } from './use-address.ts';

/** Gives the call at the end of the way the whole width. */
export function zoomTo(keys: readonly string[]): void {
  changeAddress({ zoom: zoomText(keys) });
}

/** The instant in an address: milliseconds since the epoch, or as ISO 8601 writes it. */
import { instantParam, type Params } from '../../state/place.ts';

/** `undefined` when there is none, or none that can be read. */
export function instantOf(params: Params): number | undefined {
  const text = params[instantParam] ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

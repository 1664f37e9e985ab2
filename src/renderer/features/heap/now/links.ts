/** From who holds memory to what they do: addresses of other views. */
import { severalClients } from '#shared/profile/ledger-owner.ts';
import type { Lane } from '#shared/model.ts';
import { placeHash } from '../../../state/place.ts';

interface Holding {
  /** Empty where nobody's reading keeps it. */
  readonly client: string;
  /** Empty where there is none. */
  readonly object: string;
}

/** A list of downloads has the end of names that are longer. */
const longestName = 256;

/** The lane that holds most of those that are meant. */
export function laneOf(lanes: readonly Lane[], { client, object }: Holding): Lane | undefined {
  return lanes
    .filter((each) => isMeant(client, each.client) && isMeant(object, each.object))
    .toSorted((a, b) => b.heldBytes - a.heldBytes)[0];
}

export function laneLink(lanes: readonly Lane[], holding: Holding): string | undefined {
  const lane = laneOf(lanes, holding);
  return lane && placeHash('live', '', { lane: String(lane.id) });
}

/** Their requests, in the grammar of the request filter. */
export function requestsLink({ client, object }: Holding): string | undefined {
  const terms = [
    ...(client === '' || client === severalClients ? [] : [`client:${quoted(client)}`]),
    ...(object === '' ? [] : [`object:${quoted(object)}`]),
  ];
  return terms.length === 0 ? undefined : placeHash('requests', '', { q: terms.join(' ') });
}

export function downloadLink({ object }: Pick<Holding, 'object'>): string | undefined {
  return object === '' ? undefined : placeHash('downloads', '', { q: object.slice(-longestName) });
}

function isMeant(wanted: string, name: string): boolean {
  return wanted === '' || wanted === severalClients || wanted === name;
}

function quoted(text: string): string {
  return /[\s"()]/.test(text) ? JSON.stringify(text) : text;
}

import { go, type Params } from '../../state/place.ts';

/** Goes to one download, or to none; how it is looked at stays, but for what was chosen in another. */
export function openDownload(id: number | undefined, params: Params): void {
  const { chunk: _chunk, lane: _lane, ...kept } = params;
  go({ view: 'downloads', subject: id === undefined ? '' : String(id), params: kept });
}

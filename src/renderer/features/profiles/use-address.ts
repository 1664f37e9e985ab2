import { useMemo } from 'react';
import { go, type Params, parsePlace, usePlace } from '../../state/place.ts';
import { parseLabels, parseProfile, parseZoom, type ProfileName } from '../../state/profile-address.ts';
import type { WantedLabels } from '../../state/profile-questions.ts';

export interface ProfileAddress {
  /** The profile that is looked at, and the two that are compared. */
  readonly profile: ProfileName | undefined;
  readonly a: ProfileName | undefined;
  readonly b: ProfileName | undefined;
  readonly type: string | undefined;
  readonly labels: WantedLabels;
  readonly search: string;
  readonly zoom: readonly string[];
  /** The function whose callers and callees are shown. */
  readonly functionName: string | undefined;
  readonly sort: string | undefined;
  readonly mode: 'absolute' | 'share';
  readonly layout: 'both' | 'icicle' | 'table';
  /** Whether tables stand where pictures are. */
  readonly isTable: boolean;
}

/** What the two tabs of profiles show: all of it stands in the address. */
export function useProfileAddress(): ProfileAddress {
  const { params } = usePlace();
  return useMemo(() => addressOf(params), [params]);
}

function addressOf(params: Params): ProfileAddress {
  const layout = params['layout'];
  return {
    profile: parseProfile(params['profile']),
    a: parseProfile(params['a']),
    b: parseProfile(params['b']),
    type: params['type'],
    labels: parseLabels(params['labels']),
    search: params['q'] ?? '',
    zoom: parseZoom(params['zoom']),
    functionName: params['fn'],
    sort: params['sort'],
    mode: params['mode'] === 'share' ? 'share' : 'absolute',
    layout: layout === 'icicle' || layout === 'table' ? layout : 'both',
    isTable: params['as'] === 'tables',
  };
}

type Changes = Readonly<
  Partial<
    Record<
      'profile' | 'a' | 'b' | 'type' | 'labels' | 'q' | 'zoom' | 'fn' | 'sort' | 'mode' | 'layout' | 'as',
      string | undefined
    >
  >
>;

/** Changes some of it at once; `undefined` takes a part away. */
export function changeAddress(changes: Changes, how?: 'push' | 'replace'): void {
  const place = parsePlace(location.hash);
  const params = Object.fromEntries(
    Object.entries({ ...place.params, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  go({ ...place, params }, how);
}

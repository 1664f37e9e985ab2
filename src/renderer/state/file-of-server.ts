/** A server that was started to show a file has the page show it: once, as soon as it says hello. */
import { useEffect } from 'react';
import type { Hello } from '#shared/model.ts';
import type { Follower } from '../rpc/follow.ts';
import { fileOfAddress } from './opened-files.ts';
import { parsePlace, recordingParam } from './place.ts';
import type { Servers } from './servers.ts';
import { useSignal } from './signal.ts';

type ShownFile = NonNullable<Hello['opens']>;

const shown = new Set<string>();
/** A page that begins with the file is there already, and may have been led elsewhere before the file has come. */
const begunWith = fileOfAddress(parsePlace(location.hash).params[recordingParam] ?? '');

/** Whatever is looked at meanwhile: a recording, or another server, which has files of its own. */
export function useFileOfServer(servers: Servers): void {
  useSignal(servers.changed);
  useSignal(servers.switched);
  const { opens } = servers.ownHello ?? {};
  useEffect(() => {
    if (!opens || shown.has(opens.name)) return;
    openShownFile(servers.ownCall, opens, opens.name === begunWith ? 'stay' : 'go');
  }, [opens, servers]);
}

/** Has the page show it now. */
export function openShownFile(call: Follower['call'], file: ShownFile, how: 'go' | 'stay' = 'go'): void {
  shown.add(file.name);
  void import('../playback/open-files.ts').then(({ openFileOfServer }) => openFileOfServer(call, file, how));
}

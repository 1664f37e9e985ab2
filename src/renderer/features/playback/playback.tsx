/**
 * The console of a recording: the same views, fed from what was recorded. Finds the recording that the address names,
 * opens it, and puts the player above the views; says why where there is none.
 */
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import type { BlockSource } from '../../playback/block-source.ts';
import { blocksOfFile } from '../../playback/block-source.ts';
import { blocksOfServer, openedSource } from '../../playback/server-source.ts';
import { PlaybackSession, type SessionState } from '../../playback/session.ts';
import { sourceOf } from '../../playback/web-codec.ts';
import { theFootprint } from '../../state/footprint.ts';
import { LiveContext } from '../../state/live-context.ts';
import { fileOfAddress, type OpenedRecordingFile, theOpenedFiles } from '../../state/opened-files.ts';
import { parsePlace } from '../../state/place.ts';
import type { Servers } from '../../state/servers.ts';
import { useSignal } from '../../state/signal.ts';
import { Empty, Failed, NotHere, Opening, Waiting } from './empty.tsx';
import { instantOf } from './instant.ts';
import { PlayerBar } from './player-bar.tsx';

/** The console around the views: `strip` above them, `instead` of them. */
type Around = ComponentType<{ readonly strip: ReactNode; readonly instead: ReactNode }>;

interface PlaybackProps {
  readonly servers: Servers;
  /** As the address names it. */
  readonly recording: string;
  readonly around: Around;
}

export function Playback({ servers, recording, around: Around }: PlaybackProps) {
  useSignal(theOpenedFiles.changed);
  useSignal(servers.changed);
  useSignal(servers.switched);
  const [isFound, find] = useState(false);
  const name = fileOfAddress(recording);
  const opened = name === undefined ? undefined : theOpenedFiles.get(name);
  const { hello, connection } = servers.current;
  // A file is here, or has to be asked for; what a server has is there once the server answers. A file that it shows
  // is a recording once somebody has looked into it, or brings one.
  const isRead = name === undefined || theOpenedFiles.bytesOfServer(name) !== undefined;
  const isOfServer = isRead || hello?.opens?.name === name;
  const isHere = opened !== undefined || (isRead && connection.kind === 'live');
  // Once it is open nothing depends on the server's being there, but what has still to be read from it.
  if (isHere && !isFound) find(true);
  if (isFound)
    return (
      <Opened key={opened?.id} servers={servers} recording={recording} around={Around} opened={opened} />
    );
  return (
    <LiveContext value={servers.live}>
      <Around
        strip={<div hidden />}
        instead={isOfServer ? <Waiting /> : <NotHere name={name ?? recording} />}
      />
    </LiveContext>
  );
}

interface OpenedProps extends PlaybackProps {
  readonly opened: OpenedRecordingFile | undefined;
}

function Opened({ servers, recording, opened, around: Around }: OpenedProps) {
  const [session] = useState(() => new PlaybackSession(servers.live.loop));
  const file = opened?.file;
  useEffect(() => {
    const lookBack = servers.lookAway(session.live);
    const forget = theFootprint.add('recording', () => session.footprint);
    const at = instantOf(parsePlace(location.hash).params);
    const close = session.open(() => load(servers, recording, file), at);
    return () => {
      close();
      forget();
      lookBack();
    };
  }, [session, servers, recording, file]);
  useSignal(session.changed);
  const { state } = session;
  return (
    <LiveContext value={session.live}>
      <Around
        strip={
          state.kind === 'open' ? (
            <PlayerBar session={session} player={state.player} overview={state.overview} opened={opened} />
          ) : (
            <div hidden />
          )
        }
        instead={insteadOf(state)}
      />
    </LiveContext>
  );
}

function insteadOf(state: SessionState): ReactNode {
  if (state.kind === 'open') return undefined;
  if (state.kind === 'failed') return <Failed sentence={state.sentence} />;
  return state.kind === 'empty' ? <Empty /> : <Opening />;
}

async function load(servers: Servers, recording: string, file: Blob | undefined): Promise<BlockSource> {
  if (file) return blocksOfFile(sourceOf(file));
  // A glance of the server begins as its stores end.
  await servers.answering();
  const { call } = servers.current;
  const name = fileOfAddress(recording);
  if (name === undefined) return blocksOfServer(call, recording);
  return blocksOfFile(openedSource(call, name, theOpenedFiles.bytesOfServer(name) ?? 0));
}

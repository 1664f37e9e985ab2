/** What is in a recording: read when it is opened, and again when it has been changed. */
import { useEffect, useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import type { RecordingContents, RecordingSummary } from '#shared/recording/model.ts';
import { inTime } from '../../rpc/follow.ts';
import { useLive } from '../../state/live-context.ts';
import { useIncidents } from './context.ts';

export interface Contents {
  /** What the answer was read for: all that may have been changed since. */
  readonly version: string;
  /** The newest answer; `undefined` until the first. */
  readonly value: RecordingContents | undefined;
  readonly failure: string | undefined;
}

export function useContents(recording: RecordingSummary): Contents {
  const { follower } = useLive();
  const { changes } = useIncidents();
  const [contents, setContents] = useState<Contents>({ version: '', value: undefined, failure: undefined });
  const { id, name, note, bytes, marks } = recording;
  const version = JSON.stringify([id, name, note, bytes, marks, changes]);
  useEffect(() => {
    let isWanted = true;
    inTime(follower.call((client) => client.recordings.open({ id }))).then(
      (value) => isWanted && setContents({ version, value, failure: undefined }),
      (error: unknown) => isWanted && setContents((before) => ({ ...before, failure: messageOf(error) })),
    );
    return () => {
      isWanted = false;
    };
  }, [follower, id, version]);
  return contents;
}

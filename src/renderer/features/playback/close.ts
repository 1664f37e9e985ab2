import { go, parsePlace, recordingParam } from '../../state/place.ts';

/** Back to the present, in the same view. */
export function closeRecording(): void {
  const { view } = parsePlace(location.hash);
  go({ view, subject: '', params: { [recordingParam]: '' } });
}

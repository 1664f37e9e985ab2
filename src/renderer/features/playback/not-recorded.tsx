import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { closeRecording } from './close.ts';

/** A view of the present only, while a recording is shown. */
export function NotRecorded({ title }: { readonly title: string }) {
  return (
    <main>
      <EmptyState kind="nothing" title={`A recording has no ${title}`} testId="not-recorded">
        <p>
          Live, Requests, Downloads and Heap show what was recorded; everything else is about the present.
        </p>
        <Button onPress={closeRecording}>Close the recording</Button>
      </EmptyState>
    </main>
  );
}

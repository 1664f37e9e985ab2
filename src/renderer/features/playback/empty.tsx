/** No recording to show, and why. */
import { chooseFiles } from '../../state/file-dialog.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { closeRecording } from './close.ts';

export function NotHere({ name }: { readonly name: string }) {
  return (
    <main>
      <EmptyState kind="nothing" title={`Open ${name} to see this`} testId="recording-not-here">
        <p>
          This address is about a file, and files stay on the machine where they are. Choose it, or drop it
          anywhere on this window.
        </p>
        <Button weight="main" onPress={chooseFiles}>
          Open {name}…
        </Button>
        <CloseButton />
      </EmptyState>
    </main>
  );
}

export function Waiting() {
  return (
    <main>
      <EmptyState kind="disconnected" title="Waiting for the server" testId="recording-waiting">
        <p>It has the recording, and has not answered yet.</p>
        <CloseButton />
      </EmptyState>
    </main>
  );
}

export function Opening() {
  return (
    <main>
      <EmptyState kind="nothing" title="Opening the recording" testId="recording-opening">
        <p>What is around the instant is read first, the rest as it is needed.</p>
      </EmptyState>
    </main>
  );
}

export function Failed({ sentence }: { readonly sentence: string }) {
  return (
    <main>
      <EmptyState kind="nothing" title="The recording cannot be shown" testId="recording-failed">
        <p>{sentence}</p>
        <CloseButton />
      </EmptyState>
    </main>
  );
}

export function Empty() {
  return (
    <main>
      <EmptyState kind="nothing" title="There is nothing in this recording" testId="recording-empty">
        <p>It was ended before its first instant was written.</p>
        <CloseButton />
      </EmptyState>
    </main>
  );
}

function CloseButton() {
  return <Button onPress={closeRecording}>Go live</Button>;
}

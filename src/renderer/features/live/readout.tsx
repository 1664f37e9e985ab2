/** What the keyboard's cursor is at, in a sentence, for those who hear it: the view's one live region. */
import { Signal, useSignal } from '../../state/signal.ts';

/** Milliseconds: whoever keeps an arrow key down hears where it ends. */
const intervalMs = 400;

class Readout {
  readonly changed = new Signal(intervalMs);
  text = '';

  say(text: string): void {
    this.text = text;
    this.changed.touch();
  }
}

export const readout = new Readout();

export function ReadoutRegion() {
  useSignal(readout.changed);
  return (
    <output className="visually-hidden" aria-live="polite" data-testid="readout">
      {readout.text}
    </output>
  );
}

import { type KeyboardEvent, useState } from 'react';
import { maxNoteLength } from '#shared/vocabulary/recordings.ts';
import { formatClock } from '#shared/units.ts';
import { NoteField } from '../../ui/note-field.tsx';
import { Question } from '../../ui/question.tsx';

interface MarkDialogProps {
  /** The instant that is marked; now when there is none. */
  readonly at: number | undefined;
  readonly onClose: () => void;
  readonly onMark: (note: string) => void;
}

/** A note for an instant, which becomes part of what is recorded. */
export function MarkDialog({ at, onClose, onMark }: MarkDialogProps) {
  const [note, setNote] = useState('');
  const mark = (): void => onMark(note.trim());
  return (
    <Question
      title={at === undefined ? 'Mark now' : `Mark ${formatClock(at).slice(0, -2)}`}
      testId="mark-dialog"
      onClose={onClose}
      no="Cancel"
      yes="Mark"
      weight="main"
      onYes={mark}
      closes="after"
    >
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- a shortcut for the button below */}
      <div
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) mark();
        }}
      >
        <NoteField
          label="Note"
          value={note}
          onChange={setNote}
          maxLength={maxNoteLength}
          hint="Shown as a flag at its time, live and when the recording is played. Ctrl+Enter marks."
          isFirst
        />
      </div>
    </Question>
  );
}

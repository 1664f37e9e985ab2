import { useState } from 'react';
import type { KeptBundle } from '#shared/contract/incidents.ts';
import type { RecordingSummary } from '#shared/recording/model.ts';
import type { Mark } from '#shared/recording/records.ts';
import { formatBytes, formatClock, formatDateTime } from '#shared/units.ts';
import { maxNameLength, maxNoteLength } from '#shared/vocabulary/recordings.ts';
import { Field } from '../../ui/field.tsx';
import { NoteField } from '../../ui/note-field.tsx';
import { Question } from '../../ui/question.tsx';
import type { Question as Asked } from './actions.ts';
import { BundleDialog } from './bundle-dialog.tsx';
import { useIncidents } from './context.ts';
import { spanWords, titleOf } from './words.ts';
import styles from './questions.module.css';

export function QuestionDialog({ question }: { readonly question: Asked }) {
  if (question.kind === 'remove') return <RemoveDialog recording={question.recording} />;
  if (question.kind === 'edit') return <EditDialog recording={question.recording} />;
  if (question.kind === 'edit-mark') return <MarkNoteDialog {...question} />;
  if (question.kind === 'remove-mark') return <RemoveMarkDialog {...question} />;
  if (question.kind === 'remove-bundle') return <RemoveBundleDialog bundle={question.bundle} />;
  return <BundleDialog recording={question.recording} />;
}

function RemoveDialog({ recording }: { readonly recording: RecordingSummary }) {
  const { actions } = useIncidents();
  const close = (): void => actions.ask(undefined);
  const { id, firstAt, lastAt, bytes } = recording;
  return (
    <Question
      title={`Remove ${titleOf(recording)}?`}
      testId="remove-dialog"
      onClose={close}
      no="Keep"
      yes="Remove"
      weight="grave"
      onYes={() => actions.remove(id)}
    >
      <p>
        What was recorded at {spanWords(firstAt, lastAt)} goes, {formatBytes(bytes)}. Bundles that were made
        of it stay, and have their own copy.
      </p>
    </Question>
  );
}

function RemoveBundleDialog({ bundle }: { readonly bundle: KeptBundle }) {
  const { actions } = useIncidents();
  const close = (): void => actions.ask(undefined);
  return (
    <Question
      title="Remove this bundle?"
      testId="remove-bundle-dialog"
      onClose={close}
      no="Keep"
      yes="Remove"
      weight="grave"
      onYes={() => actions.removeBundle(bundle.id)}
    >
      <p>
        The file that was made at {formatDateTime(bundle.at)} goes from this server,{' '}
        {formatBytes(bundle.bytes)}. Its recording stays.
      </p>
    </Question>
  );
}

/** Another name and note, in the file itself. */
function EditDialog({ recording }: { readonly recording: RecordingSummary }) {
  const { actions } = useIncidents();
  const [name, setName] = useState(recording.name);
  const [note, setNote] = useState(recording.note);
  const close = (): void => actions.ask(undefined);
  const isTooLong = name.trim().length > maxNameLength;
  return (
    <Question
      title="Name and note"
      testId="edit-dialog"
      onClose={close}
      no="Cancel"
      yes="Save"
      weight="main"
      isDisabled={isTooLong}
      onYes={() => actions.edit(recording.id, name.trim(), note.trim())}
    >
      <div className={styles['form']}>
        <Field
          label="Name"
          value={name}
          onChange={setName}
          placeholder={titleOf({ ...recording, name: '' })}
          problem={isTooLong ? `It may have ${maxNameLength} letters.` : undefined}
          isFirst
        />
        <NoteField
          label="Note"
          value={note}
          onChange={setNote}
          maxLength={maxNoteLength}
          hint="It goes into the file, and so into whatever is made of it."
        />
      </div>
    </Question>
  );
}

interface MarkDialogProps {
  readonly recording: string;
  readonly mark: Mark;
}

function RemoveMarkDialog({ recording, mark }: MarkDialogProps) {
  const { actions } = useIncidents();
  const close = (): void => actions.ask(undefined);
  return (
    <Question
      title={`Remove the mark at ${formatClock(mark.at).slice(0, -2)}?`}
      testId="remove-mark-dialog"
      onClose={close}
      no="Keep"
      yes="Remove"
      weight="grave"
      onYes={() => actions.removeMark(recording, mark.id)}
    >
      <p>{mark.note === '' ? 'It has no note.' : `Its note goes with it: “${mark.note}”`}</p>
    </Question>
  );
}

function MarkNoteDialog({ recording, mark }: MarkDialogProps) {
  const { actions } = useIncidents();
  const [note, setNote] = useState(mark.note);
  const close = (): void => actions.ask(undefined);
  return (
    <Question
      title={`Mark at ${formatClock(mark.at).slice(0, -2)}`}
      testId="mark-note-dialog"
      onClose={close}
      no="Cancel"
      yes="Save"
      weight="main"
      onYes={() => actions.editMark(recording, mark.id, note.trim())}
    >
      <NoteField label="Note" value={note} onChange={setNote} maxLength={maxNoteLength} isFirst />
    </Question>
  );
}

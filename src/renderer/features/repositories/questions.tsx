import type { RepositoryList } from '#shared/contract/repositories.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import type { Question } from './actions.ts';
import { useRepositories } from './context.ts';
import { LogDialog } from './log-dialog.tsx';
import { nameParts, removalWords } from './words.ts';
import styles from './questions.module.css';

interface QuestionDialogProps {
  readonly question: Question;
  readonly list: RepositoryList | undefined;
}

export function QuestionDialog({ question, list }: QuestionDialogProps) {
  if (question.kind === 'remove') return <RemoveDialog row={question.row} />;
  if (question.kind === 'restore') return <RestoreDialog {...question} />;
  const job = list?.jobs.find(({ id }) => id === question.job.id) ?? question.job;
  return <LogDialog job={job} />;
}

/** Says what goes and what stays before it goes. */
function RemoveDialog({ row }: { readonly row: RepositoryRow }) {
  const { actions } = useRepositories();
  const { path } = nameParts(row.name);
  const close = (): void => actions.ask(undefined);
  const remove = (): void => {
    close();
    actions.remove(row.name);
  };
  return (
    <Modal
      title={`Remove ${path}?`}
      testId="remove-dialog"
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Keep</Button>
          <Button weight="grave" onPress={remove}>
            Remove
          </Button>
        </>
      }
    >
      <p>These go, for everybody who uses this store:</p>
      <ul className={styles['list']}>
        {removalWords(row).map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
      <p>
        The upstream is not touched. The rule <code>{row.rule}</code> still allows the repository: the next
        request for it makes everything again.
      </p>
    </Modal>
  );
}

function RestoreDialog({ name, directory }: { readonly name: string; readonly directory: string }) {
  const { actions } = useRepositories();
  const close = (): void => actions.ask(undefined);
  const restore = (): void => {
    close();
    actions.restore(name, directory);
  };
  return (
    <Modal
      title={`Restore ${nameParts(name).path}`}
      testId="restore-dialog"
      onClose={close}
      actions={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button onPress={() => actions.chooseFolder(name)}>Choose another…</Button>
          <Button weight="main" onPress={restore}>
            Restore
          </Button>
        </>
      }
    >
      <p>It will be a clone of its own, in a new folder:</p>
      <code className={styles['path']}>{directory}</code>
      <p>If that is there already and not empty, nothing is changed.</p>
    </Modal>
  );
}

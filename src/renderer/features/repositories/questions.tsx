import type { RepositoryList } from '#shared/contract/repositories.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import { Button } from '../../ui/button.tsx';
import { Question } from '../../ui/question.tsx';
import type { Question as Asked } from './actions.ts';
import { useRepositories } from './context.ts';
import { LogDialog } from './log-dialog.tsx';
import { nameParts, removalWords } from './words.ts';
import styles from './questions.module.css';

interface QuestionDialogProps {
  readonly question: Asked;
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
  return (
    <Question
      title={`Remove ${path}?`}
      testId="remove-dialog"
      onClose={() => actions.ask(undefined)}
      no="Keep"
      yes="Remove"
      weight="grave"
      onYes={() => actions.remove(row.name)}
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
    </Question>
  );
}

function RestoreDialog({ name, directory }: { readonly name: string; readonly directory: string }) {
  const { actions } = useRepositories();
  return (
    <Question
      title={`Restore ${nameParts(name).path}`}
      testId="restore-dialog"
      onClose={() => actions.ask(undefined)}
      no="Cancel"
      yes="Restore"
      weight="main"
      onYes={() => actions.restore(name, directory)}
      other={<Button onPress={() => actions.chooseFolder(name)}>Choose another…</Button>}
    >
      <p>It will be a clone of its own, in a new folder:</p>
      <code className={styles['path']}>{directory}</code>
      <p>If that is there already and not empty, nothing is changed.</p>
    </Question>
  );
}

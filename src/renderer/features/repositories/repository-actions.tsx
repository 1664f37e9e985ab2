import type { RepositoryList, StartableKind } from '#shared/contract/repositories.ts';
import type { Job, RepositoryRow } from '#shared/repository-model.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { boxPath, fetchPath, folderPath } from '../../ui/icons.tsx';
import { useRepositories } from './context.ts';
import { isOver, refreshKind, restoreCommand } from './words.ts';
import styles from './details.module.css';

interface RepositoryActionsProps {
  readonly row: RepositoryRow;
  readonly jobs: readonly Job[];
  readonly list: RepositoryList;
  readonly serverUrl: string;
}

/** What can be done with a repository: bring it up to date, get it onto a disk. */
export function RepositoryActions({ row, jobs, list, serverUrl }: RepositoryActionsProps) {
  const { actions, mayChange } = useRepositories();
  const { name } = row;
  const command = restoreCommand(name, serverUrl);
  return (
    <section className={styles['actions']} aria-label="Actions">
      {mayChange && <Jobs row={row} jobs={jobs} />}
      <code className={styles['command']}>{command}</code>
      <div>
        <CopyButton text={command} label="Copy restore command" />
        {list.canRestore && (
          <Button icon={folderPath} onPress={() => actions.chooseFolder(name)}>
            Restore to a folder…
          </Button>
        )}
      </div>
    </section>
  );
}

/** What brings the mirror or a snapshot up to date. */
function Jobs({ row, jobs }: Pick<RepositoryActionsProps, 'row' | 'jobs'>) {
  const { actions } = useRepositories();
  const { name } = row;
  const isUnderWay = (kind: StartableKind): boolean => jobs.some((job) => job.kind === kind && !isOver(job));
  const refresh = refreshKind(row);
  return (
    <div>
      <Button
        icon={fetchPath}
        title="Asks the upstream for what is new"
        isDisabled={isUnderWay(refresh)}
        onPress={() => actions.start(name, refresh)}
      >
        {refresh === 'clone' ? 'Clone' : 'Fetch'}
      </Button>
      <Button
        icon={boxPath}
        title="Archives HEAD, unless the snapshot has it already"
        isDisabled={isUnderWay('snapshot')}
        onPress={() => actions.start(name, 'snapshot')}
      >
        Generate snapshot
      </Button>
      <Button
        icon={boxPath}
        title="Archives the LFS objects of HEAD"
        isDisabled={isUnderWay('lfs-snapshot')}
        onPress={() => actions.start(name, 'lfs-snapshot')}
      >
        LFS snapshot
      </Button>
    </div>
  );
}

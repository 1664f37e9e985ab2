import type { RepositoryList } from '#shared/contract/repositories.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import { Table } from '../../ui/table.tsx';
import { useRepositories } from './context.ts';
import { columns } from './repository-columns.tsx';
import styles from './repository-table.module.css';

interface RepositoryTableProps {
  readonly rows: readonly RepositoryRow[];
  readonly list: RepositoryList;
  readonly openedName: string | undefined;
}

export function RepositoryTable({ rows, list, openedName }: RepositoryTableProps) {
  const { actions } = useRepositories();
  return (
    <Table
      labelledBy="repositories-title"
      testId="repository-table"
      className={styles['repositories']}
      lines={2}
      columns={columns.map(({ name, cell }) => ({
        name,
        title: name,
        cell: (row: RepositoryRow) => cell(row, list),
      }))}
      rows={rows}
      keyOf={({ name }) => name}
      attributesOf={({ name }) => ({ 'data-testid': 'repository', 'data-name': name })}
      openedKey={openedName}
      onOpen={actions.open}
      onClose={() => actions.open(undefined)}
    />
  );
}

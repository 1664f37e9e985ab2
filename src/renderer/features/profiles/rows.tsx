/** A picture above a table, with heights that somebody may change; they stay so. */
import type { ReactNode } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import styles from './rows.module.css';

interface RowsProps {
  readonly id: string;
  readonly layout: 'both' | 'icicle' | 'table';
  readonly picture: ReactNode;
  readonly table: ReactNode;
}

export function Rows({ id, layout, picture, table }: RowsProps) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, onlySaveAfterUserInteractions: true });
  if (layout === 'icicle') return <div className={styles['one']}>{picture}</div>;
  if (layout === 'table') return <div className={styles['one']}>{table}</div>;
  return (
    <Group
      id={id}
      orientation="vertical"
      className={styles['rows']}
      disableCursor
      {...(defaultLayout ? { defaultLayout } : {})}
      onLayoutChanged={onLayoutChanged}
    >
      <Panel id="picture" defaultSize="52%" minSize={90}>
        {picture}
      </Panel>
      <Separator className={styles['divider']} aria-label="Picture and table: height" />
      <Panel id="table" minSize={90}>
        {table}
      </Panel>
    </Group>
  );
}

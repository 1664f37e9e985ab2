/** Which server is looked at, and the way to the others: several are connected at once. */
import { useState } from 'react';
import { messageOf } from '#shared/errors.ts';
import { formatBytes, formatShare } from '#shared/units.ts';
import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { notify } from '../../state/notifications.ts';
import { go, parsePlace, serverParam } from '../../state/place.ts';
import { ownId, type ServerLine } from '../../state/servers.ts';
import { useServers } from '../../state/servers-context.ts';
import { useSignal } from '../../state/signal.ts';
import { plusPath } from '../../ui/icons.tsx';
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuLine } from '../../ui/menu.tsx';
import { bare, ServerChip, words } from './server-chip.tsx';
import styles from './chip.module.css';

export function ServerMenu({ onAdd }: { readonly onAdd: () => void }) {
  const servers = useServers();
  const { store } = useLive();
  useSignal(servers.changed);
  useSignal(store.connectionChanged);
  const [isOpen, open] = useState(false);
  const { lines, currentId } = servers;
  const current = lines.find(({ id }) => id === currentId);
  useCommand('server.switch', () => open(true));
  useCommand('server.reconnect', () => servers.retry(currentId));
  const mayAdd = lines.find(({ id }) => id === ownId)?.role === 'operator';
  const { kind } = store.connection;
  return (
    <Menu trigger={<ServerChip />} testId="servers" isOpen={isOpen} onOpen={open}>
      <MenuChoice
        label="Servers"
        value={currentId}
        onChange={(id) => show(servers.addressOf(lines.find((line) => line.id === id) ?? { id, name: id }))}
        options={lines.map((line) => ({ value: line.id, content: <Line line={line} /> }))}
      />
      <MenuLine />
      <MenuGroup label={current?.name ?? 'Server'}>
        <MenuItem onPress={() => servers.retry(currentId)} isDisabled={kind === 'live'}>
          Connect again now
        </MenuItem>
        {currentId !== ownId && (
          <MenuItem
            weight="grave"
            isDisabled={!mayAdd}
            onPress={() => {
              servers.remove(currentId).then(
                () => show(''),
                (error: unknown) => notify({ kind: 'failed', title: 'Not removed', body: messageOf(error) }),
              );
            }}
          >
            Remove from the list
          </MenuItem>
        )}
      </MenuGroup>
      <MenuLine />
      <MenuItem icon={plusPath} onPress={onAdd} isDisabled={!mayAdd}>
        Connect to a running server…
      </MenuItem>
    </Menu>
  );
}

/** Its name and state, and how full its memory is. */
function Line({ line: { name, url, connection, usage } }: { readonly line: ServerLine }) {
  return (
    <>
      <span className={styles['dot']} data-state={connection.kind} />
      <span className={styles['server']}>
        <span className={styles['strong']}>{name}</span>
        <span>{usage && formatShare(usage.usedBytes, usage.budgetBytes)}</span>
        <small>{url === '' ? words[connection.kind] : `${bare(url)} · ${words[connection.kind]}`}</small>
        <small>{usage && `of ${formatBytes(usage.budgetBytes)}`}</small>
      </span>
    </>
  );
}

/** Goes to the same view of another server; what was open there is not here. */
function show(address: string): void {
  const { view } = parsePlace(location.hash);
  go({ view, subject: '', params: { [serverParam]: address } });
}

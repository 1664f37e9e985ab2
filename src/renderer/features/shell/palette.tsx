/** Everything by typing a few letters of it: commands, views, servers, objects. */
import { useRef, useState } from 'react';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useLive } from '../../state/live-context.ts';
import { useServers } from '../../state/servers-context.ts';
import { Icon, searchPath } from '../../ui/icons.tsx';
import { Keys } from '../../ui/keys.tsx';
import type { ShellDialogProps } from './dialogs.tsx';
import { type PaletteGroup, paletteGroups, type PaletteItem } from './palette-items.ts';
import { searchPalette } from './palette-search.ts';
import styles from './palette.module.css';

export function Palette({ onClose }: ShellDialogProps) {
  const servers = useServers();
  const { store } = useLive();
  // What could be done when it was opened: nothing moves while somebody chooses.
  const [groups] = useState(() => paletteGroups(servers, store));
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const found = searchPalette(groups, text);
  const run = (item: PaletteItem): void => {
    onClose();
    // After the focus is back: a command may open something else.
    requestAnimationFrame(item.run);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup
          className={styles['palette']}
          aria-label="Command palette"
          data-testid="palette"
          initialFocus={input}
        >
          <Autocomplete.Root
            inline
            open
            items={found}
            filter={null}
            value={text}
            onValueChange={setText}
            itemToStringValue={(item: PaletteItem) => item.label}
            autoHighlight="always"
            keepHighlight
          >
            <div className={styles['search']}>
              <Icon path={searchPath} size={14} />
              <Autocomplete.Input
                ref={input}
                className={styles['input']}
                aria-label="What to do or where to go"
                placeholder="What to do or where to go"
              />
              <Keys keys="Escape" />
            </div>
            <Autocomplete.Empty className={styles['none']}>
              {found.length === 0 && 'Nothing is called that.'}
            </Autocomplete.Empty>
            <Autocomplete.List className={styles['list']}>
              {(group: PaletteGroup) => (
                <Autocomplete.Group key={group.value} items={group.items} className={styles['group']}>
                  <Autocomplete.GroupLabel className={styles['label']}>{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: PaletteItem) => (
                      <Autocomplete.Item
                        key={item.id}
                        value={item}
                        className={styles['item']}
                        onClick={() => run(item)}
                      >
                        <span className={styles['name']}>{item.label}</span>
                        <span className={styles['detail']}>{item.detail}</span>
                        {item.keys[0] !== undefined && <Keys keys={item.keys[0]} />}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/**
 * The native menu: what people expect of a window, by role, so that Electron names and translates it, and the
 * console's own commands, from the list that its keys and its palette are made of.
 */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { type Command, commands } from '#shared/commands.ts';
import { acceleratorOf } from './accelerator.ts';
import { currentWindow, tell } from './window.ts';

/** Replaces Electron's default menu. */
export function installMenu(): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [...items('file'), ...separated('file'), isMac ? { role: 'close' } : { role: 'quit' }],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...items('view'),
        ...separated('view'),
        { role: 'reload' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { label: '&Go', submenu: items('go') },
    { role: 'windowMenu' },
    { role: 'help', submenu: items('help') },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

type MenuName = NonNullable<Command['menu']>;

function items(menu: MenuName): MenuItemConstructorOptions[] {
  return (commands as readonly Command[]).filter((command) => command.menu === menu).map(item);
}

/** The page hears the keys itself; here they are only shown, where the system allows that. */
function item({ name, title, keys }: Command): MenuItemConstructorOptions {
  const accelerator = keys.map(acceleratorOf).find((each) => each !== undefined);
  const click = (): void => tell(currentWindow(), { kind: 'command', name });
  return { id: name, label: title, click, ...(accelerator && { accelerator, registerAccelerator: false }) };
}

function separated(menu: MenuName): MenuItemConstructorOptions[] {
  return items(menu).length > 0 ? [{ type: 'separator' }] : [];
}

/**
 * A menu at a button, loaded when it is first opened. Keys, focus and roles are Base UI's; the look is the console's.
 *
 *     <Menu trigger={<button type="button">More</button>}>
 *       <MenuItem onPress={copy}>Copy</MenuItem>
 *     </Menu>
 */
import type { ReactNode } from 'react';
import type { MenuChoiceProps, MenuItemProps } from './menu-sheet.tsx';
import { OnDemand, type Trigger, useOnDemand } from './on-demand.ts';

const sheet = new OnDemand(() => import('./menu-sheet.tsx'));

interface MenuProps {
  readonly trigger: Trigger;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly testId?: string;
  /** Given when whoever shows the menu also says whether it is open. */
  readonly isOpen?: boolean;
  readonly onOpen?: (isOpen: boolean) => void;
}

export function Menu({ trigger, isOpen, onOpen, ...shown }: MenuProps) {
  const opened = useOnDemand(sheet, { kind: 'menu', trigger, isOpen, onOpen });
  if (!opened.part) return opened.button;
  return <opened.part.MenuSheet trigger={trigger} isOpen={opened.isOpen} onOpen={opened.onOpen} {...shown} />;
}

// What stands in a menu is drawn when the menu is open: by then its part is there.

export function MenuItem(props: MenuItemProps) {
  return sheet.part && <sheet.part.MenuItem {...props} />;
}

/** One of several, marked: closes the menu. */
export function MenuChoice<T extends string | number>(props: MenuChoiceProps<T>) {
  return sheet.part && <sheet.part.MenuChoice {...props} />;
}

/** Items that belong together, under a name. */
export function MenuGroup(props: { readonly label: string; readonly children: ReactNode }) {
  return sheet.part && <sheet.part.MenuGroup {...props} />;
}

export function MenuLine() {
  return sheet.part && <sheet.part.MenuLine />;
}

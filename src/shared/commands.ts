/**
 * Everything that can be done by a key, from the palette or from the native menu, once: those three, the sheet of
 * shortcuts and the test for conflicts all read this list. Which of them can be done at the moment is up to the views
 * (renderer/state/commands.ts).
 */

export interface Command {
  /** `area.verb`. */
  readonly name: string;
  /** What it does, as a menu says it. */
  readonly title: string;
  readonly group: 'Go to' | 'View' | 'Time' | 'Requests' | 'Windows' | 'Server' | 'Help';
  /** In the notation of tinykeys, `$mod` for Ctrl or Cmd; several are alternatives. */
  readonly keys: readonly string[];
  /** The native menu that it stands in, if any. */
  readonly menu?: 'file' | 'view' | 'go' | 'help';
}

export const commands = [
  { name: 'go.live', title: 'Live', group: 'Go to', keys: ['g l'], menu: 'go' },
  { name: 'go.repositories', title: 'Repositories', group: 'Go to', keys: ['g p'], menu: 'go' },
  { name: 'go.settings', title: 'Settings', group: 'Go to', keys: ['g s', '$mod+,'], menu: 'go' },
  { name: 'view.detach', title: 'Open in a new window', group: 'View', keys: ['$mod+Shift+o'], menu: 'view' },
  { name: 'view.tables', title: 'Pictures or tables', group: 'View', keys: ['t'], menu: 'view' },
  { name: 'time.narrower', title: 'Shorter time', group: 'Time', keys: ['['] },
  { name: 'time.wider', title: 'Longer time', group: 'Time', keys: [']'] },
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]['name'];

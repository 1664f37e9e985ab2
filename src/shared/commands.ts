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
  readonly group: 'Go to' | 'View' | 'Time' | 'Requests' | 'Windows' | 'Recording' | 'Server' | 'Help';
  /** In the notation of tinykeys, `$mod` for Ctrl or Cmd; several are alternatives. */
  readonly keys: readonly string[];
  /** The native menu that it stands in, if any. */
  readonly menu?: 'file' | 'view' | 'go' | 'help';
}

export const commands = [
  { name: 'go.live', title: 'Live', group: 'Go to', keys: ['g l'], menu: 'go' },
  { name: 'go.requests', title: 'Requests', group: 'Go to', keys: ['g r'], menu: 'go' },
  { name: 'go.downloads', title: 'Downloads', group: 'Go to', keys: ['g d'], menu: 'go' },
  { name: 'go.cache', title: 'Cache', group: 'Go to', keys: ['g c'], menu: 'go' },
  { name: 'go.heap', title: 'Heap', group: 'Go to', keys: ['g h'], menu: 'go' },
  { name: 'go.repositories', title: 'Repositories', group: 'Go to', keys: ['g p'], menu: 'go' },
  { name: 'go.lab', title: 'Range Lab', group: 'Go to', keys: ['g x'], menu: 'go' },
  { name: 'go.incidents', title: 'Incidents', group: 'Go to', keys: ['g i'], menu: 'go' },
  { name: 'go.experiment', title: 'Experiment', group: 'Go to', keys: ['g e'], menu: 'go' },
  { name: 'go.settings', title: 'Settings', group: 'Go to', keys: ['g s', '$mod+,'], menu: 'go' },
  { name: 'view.detach', title: 'Open in a new window', group: 'View', keys: ['$mod+Shift+o'], menu: 'view' },
  { name: 'view.tables', title: 'Pictures or tables', group: 'View', keys: ['t'], menu: 'view' },
  {
    name: 'lab.run',
    title: 'Send the request, or check the server',
    group: 'Requests',
    keys: ['$mod+Enter'],
  },
  { name: 'view.theme', title: 'Light or dark', group: 'View', keys: [] },
  { name: 'view.contrast', title: 'High contrast', group: 'View', keys: [] },
  { name: 'time.narrower', title: 'Shorter time', group: 'Time', keys: ['['] },
  { name: 'server.signOut', title: 'Sign out', group: 'Server', keys: [] },
  { name: 'time.wider', title: 'Longer time', group: 'Time', keys: [']'] },
  { name: 'time.pause', title: 'Pause or go on', group: 'Time', keys: ['Space'], menu: 'view' },
  { name: 'time.live', title: 'Go live', group: 'Time', keys: ['.'], menu: 'view' },
  { name: 'time.back', title: 'A tenth of a second back', group: 'Time', keys: ['ArrowLeft'] },
  { name: 'time.forward', title: 'A tenth of a second on', group: 'Time', keys: ['ArrowRight'] },
  { name: 'playback.slower', title: 'Play slower', group: 'Time', keys: ['<'] },
  { name: 'playback.faster', title: 'Play faster', group: 'Time', keys: ['>'] },
  {
    name: 'playback.previousFlag',
    title: 'To the alert or mark before',
    group: 'Time',
    keys: ['Shift+ArrowLeft'],
  },
  {
    name: 'playback.nextFlag',
    title: 'To the next alert or mark',
    group: 'Time',
    keys: ['Shift+ArrowRight'],
  },
  { name: 'time.out', title: 'Back out of the stretch', group: 'Time', keys: ['Backspace'] },
  {
    name: 'record.toggle',
    title: 'Start or stop a recording',
    group: 'Recording',
    keys: ['r'],
    menu: 'view',
  },
  { name: 'record.mark', title: 'Mark this instant', group: 'Recording', keys: ['m'], menu: 'view' },
  {
    name: 'record.save',
    title: 'Save the last 15 minutes',
    group: 'Recording',
    keys: ['Shift+r'],
    menu: 'view',
  },
  { name: 'view.legend', title: 'To the legend', group: 'View', keys: ['l'] },
  { name: 'requests.filter', title: 'Filter requests', group: 'Requests', keys: ['/'] },
  { name: 'server.switch', title: 'Switch server', group: 'Server', keys: ['s'] },
  {
    name: 'file.open',
    title: 'Open a recording, a bundle or a profile…',
    group: 'Windows',
    keys: ['o'],
    menu: 'file',
  },
  { name: 'server.add', title: 'Connect to a running server', group: 'Server', keys: [], menu: 'file' },
  { name: 'server.bucket', title: 'Add a bucket', group: 'Server', keys: [], menu: 'file' },
  { name: 'server.reconnect', title: 'Connect again now', group: 'Server', keys: [] },
  { name: 'demo.start', title: 'Serve a demo object', group: 'Server', keys: [] },
  { name: 'demo.slow', title: 'Demo: slow client', group: 'Server', keys: [] },
  { name: 'demo.stop', title: 'End the demo', group: 'Server', keys: [] },
  { name: 'help.palette', title: 'Command palette', group: 'Help', keys: ['$mod+k', '$mod+p'], menu: 'view' },
  { name: 'help.shortcuts', title: 'Keyboard shortcuts', group: 'Help', keys: ['?'], menu: 'help' },
  { name: 'help.notifications', title: 'Notifications', group: 'Help', keys: ['n'] },
  { name: 'help.first-steps', title: 'First steps', group: 'Help', keys: [], menu: 'help' },
] as const satisfies readonly Command[];

export type CommandName = (typeof commands)[number]['name'];

/** The keys of commands that somebody has changed; the others keep those of the list. */
export type KeyChanges = Readonly<Partial<Record<CommandName, readonly string[]>>>;

/** The keys of a command, with what somebody has changed. */
export function keysOf(name: CommandName, changes: KeyChanges): readonly string[] {
  return changes[name] ?? commands.find((command) => command.name === name)?.keys ?? [];
}

/**
 * The command that keeps `key` from being one of `name`'s: it has the same, or one is the beginning of the other's
 * sequence, so that one of the two would never be heard.
 */
export function conflictOf(name: CommandName, key: string, changes: KeyChanges): Command | undefined {
  const isOneOf = (other: string): boolean =>
    other === key || other.startsWith(`${key} `) || key.startsWith(`${other} `);
  return commands.find((other) => other.name !== name && keysOf(other.name, changes).some(isOneOf));
}

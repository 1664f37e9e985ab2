/** What the desktop's main process tells its page: to go somewhere, or to run a command of the native menu. */
import { commands, type CommandName } from '#shared/commands.ts';
import { theCommands } from '../state/commands.ts';
import { go, parsePlace, placeHash } from '../state/place.ts';
import type { Follower } from './follow.ts';

/** Whether this page is in the desktop's window. */
export function isDesktop(): boolean {
  return window.sluiceDesktop === true;
}

/** A file that the program shows: its server hands it out. */
interface ShownFile {
  readonly name: string;
  readonly bytes: number;
}

/** Listens for as long as the page is there. Nothing is heard in a browser. */
export function hearDesktop(target: Window, open: (file: ShownFile) => void): void {
  if (!isDesktop()) return;
  target.addEventListener('sluice:desktop', (event) => {
    const { detail } = event as CustomEvent<{
      readonly kind: string;
      readonly hash?: string;
      readonly name?: string;
      readonly bytes?: number;
    }>;
    if (detail.kind === 'open' && detail.name !== undefined)
      open({ name: detail.name, bytes: detail.bytes ?? 0 });
    if (detail.kind === 'go' && detail.hash !== undefined) go(parsePlace(detail.hash));
    const name = commands.find((command) => command.name === detail.name)?.name;
    if (detail.kind === 'command' && name !== undefined) run(name);
  });
}

/** The same place in a window of its own. */
export function openWindow({ call }: Pick<Follower, 'call'>): void {
  const hash = placeHash(...placeParts());
  if (isDesktop()) void call((client) => client.desktop.openWindow({ hash })).catch(() => undefined);
  else window.open(hash, '_blank', 'noopener');
}

function placeParts(): Parameters<typeof placeHash> {
  const { view, subject, params } = parsePlace(location.hash);
  return [view, subject, params];
}

/** In the next task: a menu closes before what it started opens. */
function run(name: CommandName): void {
  setTimeout(() => theCommands.run(name));
}

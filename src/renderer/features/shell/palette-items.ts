/** What the palette offers: what can be done now, where one can go, and what has been seen. */
import { type Command, commands } from '#shared/commands.ts';
import { theCommands } from '../../state/commands.ts';
import type { LiveStore } from '../../state/live-store.ts';
import { go, parsePlace, serverParam } from '../../state/place.ts';
import type { Servers } from '../../state/servers.ts';
import { theShortcuts } from '../../state/shortcuts.ts';

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  /** Beside it, quieter: what sort of thing it is, or where. */
  readonly detail: string;
  readonly keys: readonly string[];
  readonly run: () => void;
}

export interface PaletteGroup {
  readonly value: string;
  readonly items: readonly PaletteItem[];
}

/** Objects that are offered at most: the newest that were asked for. */
const maxObjects = 40;
/** Requests that are looked through for them. */
const maxLookedThrough = 2000;

export function paletteGroups(servers: Servers, store: LiveStore): readonly PaletteGroup[] {
  const offered = (commands as readonly Command[]).filter(({ name }) => theCommands.can(nameOf(name)));
  const byGroup = (isView: (command: Command) => boolean): readonly PaletteItem[] =>
    offered.filter(isView).map(({ name, title, group }) => ({
      id: name,
      label: title,
      detail: group,
      keys: theShortcuts.keysOf(nameOf(name)),
      run: () => void theCommands.run(nameOf(name)),
    }));
  return [
    { value: 'Commands', items: byGroup(({ group }) => group !== 'Go to') },
    { value: 'Views', items: byGroup(({ group }) => group === 'Go to') },
    { value: 'Servers', items: serverItems(servers) },
    { value: 'Objects seen', items: objectsSeen(store).map(objectItem) },
  ].filter(({ items }) => items.length > 0);
}

function nameOf(name: string): (typeof commands)[number]['name'] {
  return name as (typeof commands)[number]['name'];
}

function serverItems(servers: Servers): readonly PaletteItem[] {
  return servers.lines
    .filter(({ id }) => id !== servers.currentId)
    .map((line) => ({
      id: `server:${line.id}`,
      label: line.name,
      detail: line.url === '' ? 'where this console came from' : line.url,
      keys: [],
      run: () => {
        const { view } = parsePlace(location.hash);
        go({ view, subject: '', params: { [serverParam]: servers.addressOf(line) } });
      },
    }));
}

/** The newest first, each once: what is being sent, then what was asked for. */
function objectsSeen({ currentFrame, requests }: LiveStore): readonly string[] {
  const seen = new Set(currentFrame?.lanes.map(({ object }) => object));
  const oldest = Math.max(requests.first, requests.next - maxLookedThrough);
  for (let number = requests.next - 1; number >= oldest && seen.size < maxObjects; number -= 1) {
    const target = requests.row(number)?.target;
    if (target !== undefined) seen.add(target);
  }
  return [...seen].slice(0, maxObjects);
}

function objectItem(object: string): PaletteItem {
  return {
    id: `object:${object}`,
    label: object,
    detail: 'its requests',
    keys: [],
    run: () => go({ view: 'requests', subject: '', params: { q: `object:${quoted(object)}` } }),
  };
}

/** As the filter language wants a value with signs of its own. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

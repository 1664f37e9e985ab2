/** Which keys do what: those of the list of commands, and what somebody has changed, which the browser keeps. */
import {
  type Command,
  type CommandName,
  commands,
  conflictOf,
  type KeyChanges,
  keysOf,
} from '#shared/commands.ts';
import { Signal } from './signal.ts';

const storageKey = 'sluice.keys';
/** Presses in a sequence at most, and how long a key may be written. */
const longestKeys = 40;

class Shortcuts {
  readonly changed = new Signal(0);
  #changes: KeyChanges = storedChanges();

  keysOf(name: CommandName): readonly string[] {
    return keysOf(name, this.#changes);
  }

  isChanged(name: CommandName): boolean {
    return this.#changes[name] !== undefined;
  }

  /** Gives a command this key instead of its own; `undefined` when that is done, else the command that has it. */
  change(name: CommandName, key: string): Command | undefined {
    const conflict = conflictOf(name, key, this.#changes);
    if (!conflict) this.#set({ ...this.#changes, [name]: [key] });
    return conflict;
  }

  /** Gives a command its own keys back; the command that has one of them by now, if any. */
  reset(name: CommandName): Command | undefined {
    const { [name]: _changed, ...others } = this.#changes;
    const conflict = keysOf(name, {})
      .map((key) => conflictOf(name, key, others))
      .find((each) => each !== undefined);
    if (!conflict) this.#set(others);
    return conflict;
  }

  resetAll(): void {
    this.#set({});
  }

  #set(changes: KeyChanges): void {
    this.#changes = changes;
    try {
      localStorage.setItem(storageKey, JSON.stringify(changes));
    } catch (error) {
      console.info('The keys are not remembered:', error);
    }
    this.changed.touch();
  }
}

export const theShortcuts: Shortcuts = new Shortcuts();

/** What was stored, without what is no command, no key, or in conflict by now. */
function storedChanges(): KeyChanges {
  let stored: Readonly<Record<string, unknown>> = {};
  try {
    stored = Object(JSON.parse(localStorage.getItem(storageKey) ?? '{}')) as typeof stored;
  } catch {
    return {};
  }
  let changes: KeyChanges = {};
  for (const { name } of commands) {
    const keys = stored[name];
    if (!Array.isArray(keys) || !keys.every(isKey)) continue;
    const next = { ...changes, [name]: keys };
    if (keys.every((key) => !conflictOf(name, key, next))) changes = next;
  }
  return changes;
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestKeys;
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const spelled: Readonly<Record<string, string>> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Shift: isMac ? '⇧' : 'Shift',
  Alt: isMac ? '⌥' : 'Alt',
  Control: isMac ? '⌃' : 'Ctrl',
  Meta: isMac ? '⌘' : 'Meta',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
  Escape: 'Esc',
};

/** The presses of a sequence, as people read them: `Ctrl+K`, `g`, `l`. */
export function pressesOf(keys: string): readonly string[] {
  return keys.split(/ (?=.)/).map((press) =>
    press
      .split(/\+(?=.)/)
      .map((part) => spelled[part] ?? (part.length === 1 && press.length > 1 ? part.toUpperCase() : part))
      .join(isMac ? '' : '+'),
  );
}

/** `Ctrl+K`, `g then l`: for titles and labels. */
export function formatKeys(keys: string): string {
  return pressesOf(keys).join(' then ');
}

const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta']);

/** What somebody pressed, in the notation of the list; `undefined` for a modifier alone. */
export function pressOf(event: KeyboardEvent): string | undefined {
  const { key } = event;
  if (modifiers.has(key) || key === 'Dead' || key === 'Unidentified') return undefined;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  // A sign that needs Shift already says so.
  const isLetter = /^[a-z]$/i.test(key);
  const shift = event.shiftKey && (isLetter || key.length > 1);
  const name = isLetter ? (shift ? key.toUpperCase() : key.toLowerCase()) : key;
  return [mod && '$mod', event.altKey && 'Alt', shift && 'Shift', name].filter(Boolean).join('+');
}

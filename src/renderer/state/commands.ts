/**
 * Which commands can be done now, and how: a view or a part of the shell says so while it is there. Keys, palette and
 * menu run them by name.
 */
import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { type CommandName, commands } from '#shared/commands.ts';
import { theShortcuts } from './shortcuts.ts';
import { Signal } from './signal.ts';

class Commands {
  /** Somebody can do something more, or less. */
  readonly changed = new Signal(0);
  readonly #runs = new Map<CommandName, (() => void)[]>();

  /** Offers a way to do `name`; the newest counts. Call the result to take it back. */
  offer(name: CommandName, run: () => void): () => void {
    const runs = this.#runs.get(name) ?? [];
    this.#runs.set(name, [...runs, run]);
    this.changed.touch();
    return () => {
      this.#runs.set(
        name,
        (this.#runs.get(name) ?? []).filter((each) => each !== run),
      );
      this.changed.touch();
    };
  }

  can(name: CommandName): boolean {
    return (this.#runs.get(name)?.length ?? 0) > 0;
  }

  /** Does it, if somebody offers to. */
  run(name: CommandName): boolean {
    const run = this.#runs.get(name)?.at(-1);
    run?.();
    return run !== undefined;
  }
}

export const theCommands = new Commands();

/** Offers `run` for the command while the component is there; `undefined`: it cannot be done now. */
export function useCommand(name: CommandName, run: (() => void) | undefined): void {
  const newest = useRef(run);
  useEffect(() => {
    newest.current = run;
  });
  const offered = run !== undefined;
  useEffect(() => (offered ? theCommands.offer(name, () => newest.current?.()) : undefined), [name, offered]);
}

/** Listens for every command's keys. Nothing happens while somebody types into a field, but for keys with `$mod`. */
export function listenForKeys(target: Window): () => void {
  let stop = bind(target);
  const forget = theShortcuts.changed.subscribe(() => {
    stop();
    stop = bind(target);
  });
  return () => {
    forget();
    stop();
  };
}

function bind(target: Window): () => void {
  const bindings = commands.flatMap(({ name }) =>
    theShortcuts
      .keysOf(name)
      .map((key) => [shiftIsOptional(key), (event: KeyboardEvent) => press(event, name, key)] as const),
  );
  const stop = tinykeys(target, Object.fromEntries(bindings));
  // After tinykeys: while it works, this is still what was pressed before.
  target.addEventListener('keydown', remember);
  return () => {
    stop();
    target.removeEventListener('keydown', remember);
  };
}

/** Where `?` is, Shift may be needed for it or not: that is the keyboard's business. */
function shiftIsOptional(keys: string): string {
  return keys
    .split(/ (?=.)/)
    .map((each) => (/^[^\w\s[\]]$/.test(each) ? `[Shift]+${each}` : each))
    .join(' ');
}

function press(event: KeyboardEvent, name: CommandName, key: string): void {
  if (event.defaultPrevented || (isTakenBy(event.target) && !key.includes('$mod'))) return;
  if (ownKeys.has(key) && isControl(event.target)) return;
  if (endsSequence(key)) return;
  if (theCommands.run(name)) event.preventDefault();
}

/** What was pressed last, and when: `l` does nothing of its own after `g`. */
let last = { key: '', at: Number.NEGATIVE_INFINITY };
/** As long as tinykeys waits for the rest of a sequence, in milliseconds. */
const sequenceMs = 1000;

function remember({ key, timeStamp }: KeyboardEvent): void {
  last = { key, at: timeStamp };
}

/** Whether a single key, pressed now, is the rest of somebody's sequence. */
function endsSequence(key: string): boolean {
  if (key.includes(' ') || performance.now() - last.at > sequenceMs) return false;
  const sequence = `${last.key} ${key}`;
  return commands.some(({ name }) => theCommands.can(name) && theShortcuts.keysOf(name).includes(sequence));
}

/** Keys that press and move a control while it has the focus. */
const ownKeys = new Set(['Space', 'Enter', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
const controls =
  'button, a[href], summary, [role="separator"], [role="slider"], [role="tab"], [role="menuitem"], dialog';

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(controls) !== null;
}

const layers = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Somebody types, or is in a dialog or a menu, which have keys of their own until they begin to close. */
function isTakenBy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(`:is(${layers}):not([data-closed])`) !== null) return true;
  // A field of what closes may keep the focus for a moment longer.
  const isClosing = target.closest(layers) !== null;
  return !isClosing && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

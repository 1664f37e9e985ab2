/**
 * What opens at a button and is loaded when somebody first turns to that button: the button is there at once, and the
 * first picture of the console does not wait for what nobody may ever open.
 */
import { cloneElement, type ReactElement, useEffect, useState } from 'react';
import { notify } from '../state/notifications.ts';

/** A part of the console that is loaded once, when it is wanted. A load that failed is tried again with the next. */
export class OnDemand<T> {
  readonly #import: () => Promise<T>;
  #loading: Promise<T | undefined> | undefined;
  #part: T | undefined;

  constructor(importPart: () => Promise<T>) {
    this.#import = importPart;
  }

  /** The part, once it is there. */
  get part(): T | undefined {
    return this.#part;
  }

  /** The part, or `undefined` when the server did not give it. */
  async load(): Promise<T | undefined> {
    this.#loading ??= this.#import().then(
      (part) => (this.#part = part),
      () => (this.#loading = undefined),
    );
    return this.#loading;
  }
}

/** A button that opens something: one element that passes its props and ref on. */
export type Trigger = ReactElement<Record<string, unknown>>;

interface Opening {
  readonly kind: 'menu' | 'dialog';
  readonly trigger: Trigger;
  /** Given when whoever shows it also says whether it is open. */
  readonly isOpen?: boolean | undefined;
  readonly onOpen?: ((isOpen: boolean) => void) | undefined;
}

interface Opened<T> {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  /** What opens, from the first opening on; it brings the trigger itself. */
  readonly part: T | undefined;
  /** The button until then. */
  readonly button: Trigger;
}

export function useOnDemand<T>(demand: OnDemand<T>, opening: Opening): Opened<T> {
  const { kind, trigger, isOpen: given, onOpen: tell } = opening;
  const [own, setOwn] = useState(false);
  const [part, setPart] = useState<T>();
  const isOpen = given ?? own;
  const onOpen = (next: boolean): void => {
    setOwn(next);
    tell?.(next);
  };
  useEffect(() => {
    if (!isOpen || part !== undefined) return undefined;
    let isWanted = true;
    void demand.load().then((loaded) => {
      if (!isWanted) return;
      if (loaded !== undefined) return setPart(() => loaded);
      onOpen(false);
      notify({
        kind: 'failed',
        title: 'Not opened',
        body: 'The server did not give this part of the console.',
      });
    });
    return () => {
      isWanted = false;
    };
  });
  const open = (): void => onOpen(true);
  const load = (): void => void demand.load();
  const button = cloneElement(trigger, {
    'aria-haspopup': kind,
    'aria-expanded': isOpen,
    onClick: open,
    onKeyDown: ({ key }: KeyboardEvent) => kind === 'menu' && key === 'ArrowDown' && open(),
    onPointerEnter: load,
    onFocus: load,
  });
  return { isOpen, onOpen, part, button };
}

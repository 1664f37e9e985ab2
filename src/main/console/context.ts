import { SluiceError } from '#shared/errors.ts';
import type { Role } from '#shared/vocabulary/live.ts';
import type { Repository } from '#main/http/names.ts';

/** What the host of a console adds to its calls. */
export interface ConsoleContext {
  /** What whoever calls may do; the host decides it when the connection is opened. */
  readonly role: Role;
  /** In the desktop window only. */
  readonly desktop?: DesktopHost | undefined;
}

/** What only the window on the desktop can do. */
export interface DesktopHost {
  /** Asks somebody where `repository` is to be restored to; `undefined` when they decide against it. */
  chooseFolder(repository: Repository): Promise<string | undefined>;
  /** Whether `chooseFolder` gave this folder: a page cannot name a folder that nobody chose. */
  hasChosen(directory: string): boolean;
  /** Asks for a file and writes what the server answers at `url` into it; `undefined` when nobody chose one. */
  saveExport(answer: SavedAnswer): Promise<string | undefined>;
  /** Ends the program as if somebody had quit, and starts it again. */
  restart(): void;
  /** Opens another window with the place that `hash` names. */
  openWindow(hash: string): void;
  /** Has the system tell somebody; a click on it shows the window, at `hash` if there is one. */
  notify(notice: DesktopNotice): void;
}

export interface SavedAnswer {
  readonly url: URL;
  /** What the file is called unless somebody says otherwise; absent: as in the URL. */
  readonly name?: string;
  readonly ownToken?: string | undefined;
}

interface DesktopNotice {
  readonly title: string;
  readonly body: string;
  readonly hash?: string | undefined;
}

/** The desktop's part of a call. @throws SluiceError FORBIDDEN where there is no desktop */
export function requireDesktop({ desktop }: ConsoleContext): DesktopHost {
  if (desktop) return desktop;
  throw new SluiceError('FORBIDDEN', 'only the desktop window can do that');
}

/** Lets operators pass. @throws SluiceError FORBIDDEN that says what is missing */
export function requireOperator({ role }: ConsoleContext): void {
  if (role === 'operator') return;
  throw new SluiceError('FORBIDDEN', 'viewers may look; this needs a token with the operator role');
}

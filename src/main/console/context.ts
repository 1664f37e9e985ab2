import type { Repository } from '#main/http/names.ts';

/** What the host of a console adds to its calls: nothing in a browser. */
export interface ConsoleContext {
  readonly desktop?: DesktopHost | undefined;
}

/** What only the window on the desktop can do. */
export interface DesktopHost {
  /** Asks somebody where `repository` is to be restored to; `undefined` when they decide against it. */
  chooseFolder(repository: Repository): Promise<string | undefined>;
  /** Whether `chooseFolder` gave this folder: a page cannot name a folder that nobody chose. */
  hasChosen(directory: string): boolean;
}

/**
 * Where something cannot be drawn, a sentence says so, and the rest of the page stays: around a view the shell, beside a
 * list the list. Without one of these React takes the whole page away.
 */
import { Component, type ReactNode, use } from 'react';
import { LiveContext } from '../state/live-context.ts';
import { instantParam, type Place, usePlace } from '../state/place.ts';
import { IconButton } from './button.tsx';
import { Failure } from './failure.tsx';
import { closePath } from './icons.tsx';
import drawer from './drawer.module.css';
import styles from './failure.module.css';

interface BoundaryProps {
  /**
   * What is tried: with another one it is tried again. It comes from whoever renders the children: a boundary that looked
   * at the address by itself could see the next one before they do, and try what was before.
   */
  readonly attempt: string;
  readonly renderFailure: (failed: Failed) => ReactNode;
  readonly children: ReactNode;
}

interface Failed {
  readonly error: unknown;
  /** It has been tried again by hand. */
  readonly hasBeenRetried: boolean;
  readonly onRetry: () => void;
}

interface BoundaryState {
  readonly attempt: string;
  readonly retries: number;
  readonly failure: { readonly error: unknown } | undefined;
}

/** The one thing that React has classes for. React itself logs what is caught here, once. */
class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { attempt: this.props.attempt, retries: 0, failure: undefined };

  static getDerivedStateFromError(error: unknown): Pick<BoundaryState, 'failure'> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ attempt }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return attempt === state.attempt ? null : { attempt, retries: 0, failure: undefined };
  }

  readonly #retry = (): void =>
    this.setState(({ retries }) => ({ retries: retries + 1, failure: undefined }));

  override render(): ReactNode {
    const { failure, retries } = this.state;
    if (!failure) return this.props.children;
    return this.props.renderFailure({
      error: failure.error,
      hasBeenRetried: retries > 0,
      onRetry: this.#retry,
    });
  }
}

interface ViewBoundaryProps {
  /** The view's title. */
  readonly title: string;
  /** What it shows. */
  readonly place: Place;
  readonly children: ReactNode;
}

/** Around a view. Going anywhere else tries again, be it with another filter. */
export function ViewBoundary({ title, place, children }: ViewBoundaryProps) {
  const version = useVersion();
  return (
    <Boundary
      attempt={attemptAt(place)}
      renderFailure={(failed) => (
        <main className={styles['view']}>
          <Failure {...failed} what={title} version={version} testId="failed-view">
            <p>The rest of the console goes on, and the server is not affected.</p>
          </Failure>
        </main>
      )}
    >
      {children}
    </Boundary>
  );
}

interface BesideProps {
  /** As a title has it: `This request`. */
  readonly what: string;
  /** Which one. */
  readonly of: string | number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Around what opens beside a list, or below it: the list stays, and it can be closed. */
export function Beside({ what, of, onClose, children }: BesideProps) {
  const version = useVersion();
  return (
    <Boundary
      attempt={String(of)}
      renderFailure={(failed) => (
        <aside className={drawer['drawer']} aria-label={what} data-testid="failed-beside">
          <header className={drawer['head']}>
            <div />
            <IconButton icon={closePath} name="Close (Esc)" onPress={onClose} />
          </header>
          <Failure {...failed} what={what} version={version} testId="failed">
            <p>The list goes on, and the server is not affected.</p>
          </Failure>
        </aside>
      )}
    >
      {children}
    </Boundary>
  );
}

interface PageBoundaryProps {
  /** Of the server, if it has answered. */
  readonly version: () => string | undefined;
  readonly children: ReactNode;
}

/** Around everything: the last one. */
export function PageBoundary({ version, children }: PageBoundaryProps) {
  return (
    <Boundary
      attempt={attemptAt(usePlace())}
      renderFailure={(failed) => (
        <main className={styles['page']}>
          <h1 className="visually-hidden">Sluice</h1>
          <Failure {...failed} what="The console" version={version()} testId="failed-page">
            <p>The server is not affected. If trying again does not help, load the page again.</p>
          </Failure>
        </main>
      )}
    >
      {children}
    </Boundary>
  );
}

/** Where somebody is, but for the instant of a recording, which moves by itself. */
function attemptAt({ view, subject, params }: Place): string {
  const { [instantParam]: _at, ...others } = params;
  return JSON.stringify([view, subject, others]);
}

function useVersion(): string | undefined {
  return use(LiveContext)?.store.currentHello?.version;
}

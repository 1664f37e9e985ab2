/** Before anything has been sent: three ways to begin, over the empty Live view. */
import { type ReactNode, useState } from 'react';
import { useCommand } from '../../state/commands.ts';
import type { DemoStore } from '../../state/demo-store.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { BucketPicture, DemoPicture, ServerPicture } from './first-run-pictures.tsx';
import type { DialogName } from './dialogs.tsx';
import styles from './first-run.module.css';

const storageKey = 'sluice.first-run';

interface FirstRunProps {
  readonly demo: DemoStore;
  readonly onOpen: (name: DialogName) => void;
}

export function FirstRun({ demo, onOpen }: FirstRunProps) {
  const { store } = useLive();
  useSignal(store.changed.memory);
  useSignal(store.connectionChanged);
  useSignal(demo.changed);
  // Read each time, which is seldom: another window may have done away with it.
  const [isAskedFor, askFor] = useState(false);
  useCommand('help.first-steps', () => askFor(true));
  const frame = store.currentFrame;
  const isNothing = frame !== undefined && frame.totals.sentBytes === 0 && frame.lanes.length === 0;
  const isShown = isAskedFor || (isNothing && !isDone());
  if (!isShown || store.connection.kind !== 'live' || demo.state?.isRunning !== false) return null;
  const isOperator = store.currentHello?.role === 'operator';
  const close = (): void => {
    rememberDone();
    askFor(false);
  };
  return (
    <section className={styles['first']} aria-label="First steps" data-testid="first-run">
      <header className={styles['head']}>
        <h2>Nothing has been asked for yet</h2>
        <p>Three ways to see what this console is for.</p>
        <IconButton icon={closePath} name="Skip the first steps" onPress={close} />
      </header>
      <div className={styles['cards']}>
        <Card
          picture={<DemoPicture />}
          title="Serve a demo object"
          action={
            <Button
              weight="main"
              isDisabled={!isOperator}
              onPress={() => {
                askFor(false);
                void demo.act((client) => client.demo.start());
              }}
            >
              Start the demo
            </Button>
          }
        >
          2 GiB that need no store. Then switch on the slow client: amber fills the memory, reaches the
          budget, and stops there.
        </Card>
        <Card
          picture={<BucketPicture />}
          title="Add a bucket"
          action={<Button onPress={() => onOpen('bucket')}>Add a bucket…</Button>}
        >
          S3, MinIO, Ceph or anything that speaks S3. You get the command that starts Sluice on it.
        </Card>
        <Card
          picture={<ServerPicture />}
          title="Connect to a running server"
          action={
            <Button isDisabled={!isOperator} onPress={() => onOpen('server')}>
              Connect…
            </Button>
          }
        >
          Another Sluice, here or far away. Several can be connected at once; this one passes their data on.
        </Card>
      </div>
    </section>
  );
}

interface CardProps {
  readonly picture: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly action: ReactNode;
}

function Card({ picture, title, children, action }: CardProps) {
  return (
    <article className={styles['card']}>
      <div className={styles['picture']} aria-hidden="true">
        {picture}
      </div>
      <h3>{title}</h3>
      <p>{children}</p>
      {action}
    </article>
  );
}

function isDone(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'done';
  } catch {
    return false;
  }
}

function rememberDone(): void {
  try {
    localStorage.setItem(storageKey, 'done');
  } catch (error) {
    console.info('That the first steps are done is not remembered:', error);
  }
}

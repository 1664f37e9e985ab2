/** What is announced, for a few seconds, in one polite live region. The list has it afterwards. */
import { useEffect } from 'react';
import { Toast } from '@base-ui/react/toast';
import { theNotifications } from '../state/notifications.ts';
import { closePath, Icon } from './icons.tsx';
import styles from './toasts.module.css';

const manager = Toast.createToastManager();
const shownMs = 6000;

export function Toasts() {
  useEffect(
    () =>
      theNotifications.onAnnounced(({ matter, kind, title, body }) => {
        manager.add({ id: matter, type: kind, title, description: body });
      }),
    [],
  );
  return (
    <Toast.Provider toastManager={manager} timeout={shownMs} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className={styles['viewport']} data-testid="toasts">
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles['toast']} data-kind={toast.type}>
      <Toast.Content className={styles['content']}>
        <Toast.Title className={styles['title']} />
        <Toast.Description className={styles['body']} />
      </Toast.Content>
      <Toast.Close className={styles['close']} aria-label="Close">
        <Icon path={closePath} />
      </Toast.Close>
    </Toast.Root>
  ));
}

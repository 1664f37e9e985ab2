/**
 * What is announced, for a few seconds, in one polite live region. The list has it afterwards. It is part of the first
 * load: what it has to say may be that the server is gone.
 */
import { useCallback, useEffect, useState } from 'react';
import { type Notice, theNotifications } from '../state/notifications.ts';
import { IconButton } from './button.tsx';
import { closePath } from './icons.tsx';
import styles from './toasts.module.css';

const shownMs = 6000;
/** At a time; the oldest make room. */
const most = 3;

export function Toasts() {
  const [notices, show] = useState<readonly Notice[]>([]);
  const [isHeld, hold] = useState(false);
  useEffect(
    () =>
      theNotifications.onAnnounced((notice) =>
        show((shown) => [notice, ...shown.filter(({ id }) => id !== notice.id)].slice(0, most)),
      ),
    [],
  );
  const close = useCallback((closed: Notice) => {
    show((shown) => shown.filter((each) => each !== closed));
    // Whoever closes the one that they are at leaves nothing to come back from.
    hold(false);
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- none goes while somebody is at it
    <div
      className={styles['viewport']}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an output holds words only
      role="status"
      aria-label="Announcements"
      data-testid="toasts"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      {notices.map((notice) => (
        <Toast key={notice.id} notice={notice} isHeld={isHeld} onClose={close} />
      ))}
    </div>
  );
}

interface ToastProps {
  readonly notice: Notice;
  /** Whether it stays for now. */
  readonly isHeld: boolean;
  readonly onClose: (notice: Notice) => void;
}

function Toast({ notice, isHeld, onClose }: ToastProps) {
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = setTimeout(() => onClose(notice), shownMs);
    return () => clearTimeout(timer);
  }, [notice, isHeld, onClose]);
  return (
    <div className={styles['toast']} data-kind={notice.kind}>
      <div className={styles['content']}>
        <p className={styles['title']}>{notice.title}</p>
        {notice.body !== undefined && <p className={styles['body']}>{notice.body}</p>}
        {notice.href !== undefined && notice.action !== undefined && (
          <a className={styles['action']} href={notice.href} onClick={() => onClose(notice)}>
            {notice.action}
          </a>
        )}
      </div>
      <IconButton icon={closePath} name={`Close: ${notice.title}`} onPress={() => onClose(notice)} />
    </div>
  );
}

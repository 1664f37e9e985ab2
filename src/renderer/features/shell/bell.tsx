/** What somebody who was not looking should know: how many there are, and the list. */
import { useState } from 'react';
import { Bell as BellIcon } from 'lucide-react';
import { formatTime } from '#shared/units.ts';
import { useCommand } from '../../state/commands.ts';
import {
  canShowNotices,
  desktopNoticesAreOn,
  desktopNoticesChanged,
  switchDesktopNotices,
} from '../../state/desktop-notices.ts';
import { type Notice, theNotifications } from '../../state/notifications.ts';
import { useSignal } from '../../state/signal.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { Popover } from '../../ui/popover.tsx';
import { Switch } from '../../ui/switch.tsx';
import chip from './chip.module.css';
import styles from './bell.module.css';

export function Bell() {
  useSignal(theNotifications.changed);
  const [isOpen, open] = useState(false);
  useCommand('help.notifications', () => open((now) => !now));
  const { list, unread } = theNotifications;
  const trigger = (
    <button
      type="button"
      className={chip['bell']}
      data-testid="bell"
      aria-label={unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`}
      title="Notifications"
    >
      <BellIcon size={16} strokeWidth={1.75} aria-hidden="true" />
      {unread > 0 && (
        <span className={chip['count']} aria-hidden="true">
          {unread}
        </span>
      )}
    </button>
  );
  return (
    <Popover
      trigger={trigger}
      label="Notifications"
      align="end"
      testId="notifications"
      isOpen={isOpen}
      onOpen={open}
    >
      <div className={styles['sheet']}>
        <div className={styles['head']}>
          <h2>Notifications</h2>
          <Button weight="quiet" isDisabled={unread === 0} onPress={() => theNotifications.markAllRead()}>
            Mark all read
          </Button>
          <Button weight="quiet" isDisabled={list.length === 0} onPress={() => theNotifications.dismissAll()}>
            Dismiss all
          </Button>
        </div>
        {list.length === 0 ? (
          <p className={styles['none']}>Nothing has happened that you should know.</p>
        ) : (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled with the keyboard
          <ul className={styles['list']} tabIndex={0} aria-label="Notifications">
            {list.map((notice) => (
              <Line key={notice.id} notice={notice} />
            ))}
          </ul>
        )}
        {canShowNotices() && <OnDesktop />}
      </div>
    </Popover>
  );
}

function Line({ notice: { id, kind, title, body, at, count, isRead, href } }: { readonly notice: Notice }) {
  return (
    <li className={styles['notice']} data-kind={kind} data-read={isRead}>
      <p className={styles['title']}>
        {(kind === 'alert' || kind === 'failed') && <b aria-hidden="true">▲</b>}
        {href === undefined ? title : <a href={href}>{title}</a>}
        {count > 1 && <span className={styles['quiet']}>× {count}</span>}
        {!isRead && <span className="visually-hidden">unread</span>}
      </p>
      <time className={styles['quiet']} dateTime={new Date(at).toISOString()}>
        {formatTime(at)}
      </time>
      <IconButton icon={closePath} name={`Dismiss: ${title}`} onPress={() => theNotifications.dismiss(id)} />
      {body !== undefined && <p className={styles['body']}>{body}</p>}
    </li>
  );
}

function OnDesktop() {
  useSignal(desktopNoticesChanged);
  return (
    <div className={styles['foot']}>
      <Switch
        isOn={desktopNoticesAreOn()}
        onChange={(isOn) => void switchDesktopNotices(isOn ? 'on' : 'off')}
      >
        Also from the system, while this is hidden
      </Switch>
    </div>
  );
}

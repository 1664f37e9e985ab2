import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from '#shared/alert-model.ts';
import { AlertNotices } from './alert-notices.ts';
import { Notifications } from './notifications.ts';

const now = 1_000_000_000;
const alert = (id: string, at: number): Alert => ({
  id,
  rule: 'client-bound',
  state: 'firing',
  at,
  value: 11_000,
  threshold: 10_000,
  text: '10.1.4.7 takes nothing',
});

let notifications: Notifications;
let announced: string[];
beforeEach(() => {
  vi.stubGlobal('location', { hash: '' });
  notifications = new Notifications();
  announced = [];
  notifications.onAnnounced(({ matter }) => announced.push(matter));
});

describe('AlertNotices', () => {
  it('announces what fires while somebody looks, once, however often it is heard of', () => {
    const notices = new AlertNotices(notifications);
    notices.hear([], now, 'first');
    notices.hear([alert('a', now)], now, 'later');
    notices.hear([alert('a', now)], now + 1000, 'later');
    expect(announced).toEqual(['alert:a']);
    expect(notifications.list).toMatchObject([
      {
        title: 'A client takes nothing',
        body: '10.1.4.7 takes nothing',
        count: 1,
        href: '#/incidents/alerts',
      },
    ]);
  });

  it('only lists what has fired in the minutes before, at its time, and nothing older', () => {
    const notices = new AlertNotices(notifications);
    notices.hear(
      [alert('b', now - 1000), alert('a', now - 60_000), alert('old', now - 3_600_000)],
      now,
      'first',
    );
    expect(announced).toEqual([]);
    expect(notifications.list.map(({ matter, at }) => [matter, at])).toEqual([
      ['alert:b', now - 1000],
      ['alert:a', now - 60_000],
    ]);
  });

  it('is silent about what it has told before another connection', () => {
    const notices = new AlertNotices(notifications);
    notices.hear([alert('a', now)], now, 'later');
    notifications.dismissAll();
    notices.hear([alert('a', now)], now + 2000, 'first');
    expect(notifications.list).toEqual([]);
  });
});

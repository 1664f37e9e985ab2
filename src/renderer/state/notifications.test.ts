import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxNotices, Notifications, type Notice } from './notifications.ts';

describe('Notifications', () => {
  it('counts what repeats itself, and shows it as new again', () => {
    const notifications = new Notifications();
    notifications.notify({ kind: 'failed', title: 'A job failed', matter: 'job:1' }, 1000);
    notifications.notify({ kind: 'info', title: 'Something else' }, 2000);
    notifications.markAllRead();
    notifications.notify({ kind: 'failed', title: 'A job failed again', matter: 'job:1' }, 3000);
    expect(notifications.list).toMatchObject([
      { title: 'A job failed again', count: 2, firstAt: 1000, at: 3000, isRead: false },
      { title: 'Something else', count: 1, isRead: true },
    ]);
    expect(notifications.unread).toBe(1);
  });

  it('announces alerts ten seconds apart, everything else at once, and lists them all', () => {
    const notifications = new Notifications();
    const announced: string[] = [];
    const stop = notifications.onAnnounced(({ title }: Notice) => announced.push(title));
    notifications.notify({ kind: 'alert', title: 'a' }, 0);
    notifications.notify({ kind: 'alert', title: 'b' }, 9999);
    notifications.notify({ kind: 'done', title: 'c' }, 9999);
    notifications.notify({ kind: 'alert', title: 'd' }, 10_000);
    stop();
    notifications.notify({ kind: 'done', title: 'e' }, 10_000);
    expect(announced).toEqual(['a', 'c', 'd']);
    expect(notifications.list.map(({ title }) => title)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('keeps no more than a hundred, and no more bytes than it says', () => {
    const input = fc.record({ title: fc.string({ maxLength: 1000 }), body: fc.string({ maxLength: 1000 }) });
    fc.assert(
      fc.property(fc.array(input, { maxLength: 300 }), (inputs) => {
        const notifications = new Notifications();
        for (const each of inputs) notifications.notify({ kind: 'info', ...each });
        const bytes = notifications.list.reduce((sum, each) => sum + (each.title + each.body).length * 2, 0);
        expect(notifications.list.length).toBeLessThanOrEqual(maxNotices);
        expect(bytes).toBeLessThanOrEqual(notifications.footprint.usedBytes);
        expect(notifications.footprint.usedBytes).toBeLessThanOrEqual(notifications.footprint.limitBytes);
      }),
    );
  });

  it('forgets what is dismissed', () => {
    const notifications = new Notifications();
    notifications.notify({ kind: 'info', title: 'a' });
    notifications.notify({ kind: 'info', title: 'b' });
    notifications.dismiss(notifications.list[1]?.id ?? 0);
    expect(notifications.list.map(({ title }) => title)).toEqual(['b']);
    notifications.dismissAll();
    expect(notifications.list).toEqual([]);
  });
});

/** What a crash has left is offered to whoever connects first after it: once for each recording, in this browser. */
import type { RecordingSummary } from '#shared/recording/model.ts';
import { formatDateTime } from '#shared/units.ts';
import { type Follower, inTime } from '../rpc/follow.ts';
import { notify } from './notifications.ts';
import { placeHash } from './place.ts';

const storageKey = 'sluice.recovered';
/** Recordings that are remembered as offered. */
const maxOffered = 20;

/** Asks what there is; without an answer there is nothing to offer. */
export async function offerRecovered(call: Follower['call']): Promise<void> {
  const list = await inTime(call((client) => client.recordings.list())).catch(() => undefined);
  const offered = offeredBefore();
  const found = (list?.recordings ?? []).filter(
    ({ id, origin }) => origin === 'recovered' && !offered.includes(id),
  );
  const [newest] = found;
  if (!newest) return;
  remember([...found.map(({ id }) => id), ...offered]);
  offer(newest);
}

function offer({ id, lastAt }: RecordingSummary): void {
  notify({
    kind: 'info',
    title: 'The server was cut off',
    body: `What it recorded until ${formatDateTime(lastAt)} is kept.`,
    matter: `recovered:${id}`,
    href: placeHash('incidents', 'recordings', { open: id }),
    action: 'Show',
  });
}

function offeredBefore(): readonly string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function remember(ids: readonly string[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(ids.slice(0, maxOffered)));
  } catch (error) {
    console.info('What was offered is not remembered:', error);
  }
}

/** Who held the ledger, in a bundle's page: when most of it was held, and when the bundle was made. */
import { formatShare } from '#shared/profile/callout.ts';
import type { LedgerReading } from '#shared/ledger-model.ts';
import { type Grouping, groupOwners, type OwnerGroup } from '#shared/profile/ledger-groups.ts';
import { ownersSentence } from '#shared/profile/ledger-sentence.ts';
import { formatBytes } from '#shared/units.ts';
import type { LedgerInstant } from './digest.ts';
import { render, table, utc, type Markup } from './markup.ts';

/** Groups in a table, the largest; the others are counted. */
const maxRows = 8;

export function heldSections(fullest: LedgerInstant | undefined, now: LedgerReading): Markup {
  const first = fullest
    ? section('Who held the memory when most of it was held', fullest)
    : render`<section><h2>Who held the memory</h2><p>This recording does not say who held the ledger.</p></section>`;
  const last = section('Who held the memory when the bundle was made', { reading: now, lanes: [] });
  return render`${first}
${last}`;
}

function section(title: string, { reading, lanes }: LedgerInstant): Markup {
  const { at, owners, totalBytes } = reading;
  return render`<section><h2>${title}, ${utc(at)}</h2>
<p>${ownersSentence({ owners, totalBytes }, lanes)}</p>
${groupTable('Client', 'client', reading)}
${groupTable('Object', 'object', reading)}
</section>`;
}

function groupTable(title: string, by: Grouping, { owners, totalBytes }: LedgerReading): Markup {
  const groups = groupOwners(owners, by);
  if (groups.length === 0) return render`<p>The ledger was empty.</p>`;
  const rows = groups
    .slice(0, maxRows)
    .map((group) => [
      group.name,
      formatBytes(group.bytes),
      formatShare(group.bytes / Math.max(1, totalBytes)),
      whyWords(group),
    ]);
  const hidden = groups.slice(maxRows);
  const hiddenBytes = hidden.reduce((sum, { bytes }) => sum + bytes, 0);
  const more = hidden.length > 0 ? [[`${hidden.length} more`, formatBytes(hiddenBytes), '', '']] : [];
  return table([title, 'Bytes', 'Of the ledger', 'Because'], [...rows, ...more]);
}

/** `held 24 MiB, draining 8 MiB`. */
function whyWords({ parts }: OwnerGroup): string {
  return parts.map(({ state, bytes }) => `${state} ${formatBytes(bytes)}`).join(', ');
}

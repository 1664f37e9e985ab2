/** One group beside the table: what exactly it has, why and for how long, and where to go on. */
import { formatShare } from '#shared/profile/callout.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import type { Lane } from '#shared/model.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from '#shared/units.ts';
import { go, parsePlace } from '../../../state/place.ts';
import { IconButton, LinkButton } from '../../../ui/button.tsx';
import { closePath } from '../../../ui/icons.tsx';
import { ObjectName } from '../../live/object-name.tsx';
import { type Grouping, groupOwners, type OwnerGroup } from '#shared/profile/ledger-groups.ts';
import { stateMeanings } from './meanings.ts';
import { downloadLink, laneLink, laneOf, requestsLink } from './links.ts';
import { PartsBar } from './parts-bar.tsx';
import drawer from '../../../ui/drawer.module.css';
import styles from './holder.module.css';

/** Owners that are listed, the largest; the others are counted. */
const maxListed = 60;

interface HolderProps {
  readonly by: Grouping;
  readonly group: OwnerGroup;
  /** Only what has this in its names is in the group; empty for all. */
  readonly search: string;
  readonly lanes: readonly Lane[];
  readonly totalBytes: number;
}

export function Holder({ by, group, search, lanes, totalBytes }: HolderProps) {
  const { name, kind, bytes, count, parts, owners } = group;
  const listed = owners.toSorted((a, b) => b.bytes - a.bytes).slice(0, maxListed);
  const objects = objectsOf(by, group);
  return (
    <aside className={drawer['drawer']} aria-labelledby="holder-title" data-testid="holder-details">
      <header className={drawer['head']}>
        <div>
          <h2 id="holder-title" title={name}>
            {by === 'object' && kind === 'named' ? <ObjectName name={name} /> : name}
          </h2>
          <p>
            {formatBytes(bytes)} · {formatShare(bytes / Math.max(1, totalBytes))} of the ledger ·{' '}
            {formatCount(count)} {count === 1 ? 'buffer' : 'buffers'}
            {search !== '' && ` · only what matches “${search}”`}
          </p>
        </div>
        <IconButton icon={closePath} name="Close (Esc)" onPress={closeHolder} />
      </header>
      <div className={drawer['body']}>
        <section>
          <h3>Why</h3>
          <PartsBar parts={parts} ofBytes={bytes} />
          <dl className={styles['why']}>
            {parts.map(({ state, bytes: part }) => (
              <div key={state}>
                <dt>{state}</dt>
                <dd>
                  {formatBytes(part)} <span>{stateMeanings[state]}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {objects.length > 0 && (
          <section>
            <h3>{by === 'object' ? 'Where to look' : 'Of which object'}</h3>
            <ul className={styles['objects']}>
              {objects.map((each) => (
                <Place key={`${each.client}\n${each.object}`} holding={each} lanes={lanes} by={by} />
              ))}
            </ul>
          </section>
        )}
        <section>
          <h3>Buffers that are alike</h3>
          <OwnerTable owners={listed} by={by} />
          {owners.length > listed.length && (
            <p className={drawer['quiet']}>and {formatCount(owners.length - listed.length)} more</p>
          )}
        </section>
      </div>
    </aside>
  );
}

/** What the address names is not among the owners now. */
export function Gone({ name }: { readonly name: string }) {
  return (
    <aside className={drawer['drawer']} aria-labelledby="holder-title" data-testid="holder-gone">
      <header className={drawer['head']}>
        <div>
          <h2 id="holder-title" title={name}>
            {name}
          </h2>
          <p>holds nothing at this instant</p>
        </div>
        <IconButton icon={closePath} name="Close (Esc)" onPress={closeHolder} />
      </header>
    </aside>
  );
}

/** The group of the address is closed. */
export function closeHolder(): void {
  const place = parsePlace(location.hash);
  const { open: _open, ...params } = place.params;
  go({ ...place, params });
}

interface Holding {
  readonly client: string;
  readonly object: string;
  readonly bytes: number;
}

const maxPlaces = 8;

/** The pairs of client and object in the group that have something to look at, the largest first. */
function objectsOf(by: Grouping, { key, kind, owners }: OwnerGroup): readonly Holding[] {
  if (by === 'client' && kind !== 'named') return groupsWithin(owners, 'object', '');
  if (by === 'client') return groupsWithin(owners, 'object', key);
  return groupsWithin(owners, 'client', by === 'object' && kind === 'named' ? key : '');
}

function groupsWithin(
  owners: readonly LedgerOwner[],
  by: 'client' | 'object',
  other: string,
): readonly Holding[] {
  return groupOwners(owners, by)
    .filter(({ kind }) => kind === 'named')
    .slice(0, maxPlaces)
    .map(({ key, bytes, owners: members }) => {
      const common = other === '' ? commonOf(members, by === 'client' ? 'object' : 'client') : other;
      return by === 'client'
        ? { client: key, object: common, bytes }
        : { client: common, object: key, bytes };
    });
}

/** What all of them have, or nothing. */
function commonOf(owners: readonly LedgerOwner[], what: 'client' | 'object'): string {
  const [first] = owners;
  const value = first?.[what] ?? '';
  return owners.every((owner) => owner[what] === value) ? value : '';
}

interface PlaceProps {
  readonly holding: Holding;
  readonly lanes: readonly Lane[];
  readonly by: Grouping;
}

function Place({ holding, lanes, by }: PlaceProps) {
  const { client, object, bytes } = holding;
  const lane = laneOf(lanes, holding);
  const links = [
    ['Lane', laneLink(lanes, holding)],
    ['Requests', requestsLink(holding)],
    ['Download', downloadLink(holding)],
  ] as const;
  return (
    <li>
      <p title={by === 'client' ? object : client}>
        <b>{by === 'client' ? <ObjectName name={object} /> : client}</b> {formatBytes(bytes)}
        {lane && ` · ${laneWords(lane)}`}
      </p>
      <p className={styles['links']}>
        {links.map(([word, href]) =>
          href === undefined ? null : (
            <LinkButton key={word} href={href}>
              {word}
            </LinkButton>
          ),
        )}
      </p>
    </li>
  );
}

/** `reads 400 KiB/s · client-bound`. */
function laneWords({ outBytesPerSecond, blockedMs, diagnosis }: Lane): string {
  const reads =
    outBytesPerSecond >= 1
      ? `reads ${formatRate(outBytesPerSecond)}`
      : `has read nothing for ${formatDuration(blockedMs)}`;
  return `${reads} · ${diagnosis}`;
}

function OwnerTable({ owners, by }: { readonly owners: readonly LedgerOwner[]; readonly by: Grouping }) {
  return (
    <table className={styles['owners']}>
      <thead>
        <tr>
          <th scope="col">{by === 'client' ? 'Object' : 'Client'}</th>
          <th scope="col">From</th>
          <th scope="col">State</th>
          <th scope="col">For</th>
          <th scope="col">Bytes</th>
        </tr>
      </thead>
      <tbody>
        {owners.map(({ purpose, client, object, tier, state, age, bytes }) => (
          <tr key={`${purpose}\n${client}\n${object}\n${tier}\n${state}\n${age}`}>
            <td title={by === 'client' ? object : client}>
              {by === 'client' ? <ObjectName name={object} /> : client || purpose}
            </td>
            <td>{tier === 'none' ? '–' : tier}</td>
            <td>{state || '–'}</td>
            <td>{age}</td>
            <td>{formatBytes(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

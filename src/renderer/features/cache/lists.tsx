/** One of three lists: the objects, what was evicted, the jobs. Which, and what of it, stands in the address. */
import { useEffect } from 'react';
import type { CacheList } from '#shared/cache-model.ts';
import type { CacheTierName } from '#shared/vocabulary/cache.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import type { CacheStore, EvictionQuery } from '../../state/cache-store.ts';
import { useParam, usePlace } from '../../state/place.ts';
import { Segments } from '../../ui/segments.tsx';
import section from '../../ui/section.module.css';
import { useCache } from './actions.ts';
import { Loading, NoEvictions, NoJobs, NothingCached, NothingMatches, type Term } from './empty.tsx';
import { EvictionTable } from './evictions.tsx';
import { JobRow } from './job-row.tsx';
import { ObjectTable } from './object-table.tsx';
import { ReasonChoice } from './reason-choice.tsx';
import {
  filtered,
  isOver,
  isReason,
  parseSort,
  type PlaceFilter,
  places,
  reasonWords,
  sorted,
} from './words.ts';
import styles from './lists.module.css';

const tabs = ['objects', 'evictions', 'jobs'] as const;
type Tab = (typeof tabs)[number];

interface ListsProps {
  readonly list: CacheList;
  readonly opened: string | undefined;
  readonly failure: string | undefined;
  readonly store: CacheStore;
}

export function Lists({ list, opened, failure, store }: ListsProps) {
  const [tabText, setTab] = useParam('tab');
  const tab = tabs.find((each) => each === tabText) ?? 'objects';
  const query = useEvictionQuery();
  const { subject } = usePlace();
  useEffect(() => {
    store.look({
      object: subject === '' ? undefined : subject,
      evictions: tab === 'evictions' ? query : undefined,
    });
  });
  const running = list.jobs.filter((job) => !isOver(job)).length;
  return (
    <section className={styles['lists']} aria-label="Contents of the caches">
      <header className={section['head']}>
        <Segments<Tab>
          label="What to list"
          value={tab}
          onChange={(next) => setTab(next === 'objects' ? undefined : next)}
          options={[
            { value: 'objects', name: 'Objects', content: 'Objects' },
            { value: 'evictions', name: 'Evictions', content: 'Evictions' },
            { value: 'jobs', name: 'Jobs', content: running > 0 ? `Jobs ${running}` : 'Jobs' },
          ]}
        />
        {failure === undefined ? (
          <Summary list={list} tab={tab} />
        ) : (
          <span className={section['bad']}>▲ not read again: {failure}</span>
        )}
        <Filters tab={tab} />
      </header>
      <div className={styles['content']}>
        {tab === 'objects' && <Objects list={list} opened={opened} />}
        {tab === 'evictions' && <EvictionList chunkBytes={list.chunkBytes} />}
        {tab === 'jobs' && <JobList list={list} />}
      </div>
    </section>
  );
}

function Summary({ list, tab }: { readonly list: CacheList; readonly tab: Tab }) {
  const { store } = useCache();
  const { objects, hidden, unnamed } = list;
  const { evictions } = store;
  const parts: (string | false)[] =
    tab === 'objects'
      ? [
          `${formatCount(objects.length + hidden)} objects`,
          hidden > 0 && `the ${formatCount(objects.length)} used last are shown`,
          unnamed.objects > 0 &&
            `${formatCount(unnamed.objects)} more on disk (${formatBytes(unnamed.bytes)}) until they are asked for by name`,
        ]
      : tab === 'evictions' && evictions
        ? [
            evictions.matching === evictions.kept
              ? `${formatCount(evictions.kept)} evictions`
              : `${formatCount(evictions.matching)} of the newest ${formatCount(evictions.kept)}`,
            evictions.total > evictions.kept && `${formatCount(evictions.total)} since the start`,
            evictions.matching > evictions.rows.length &&
              `newest ${formatCount(evictions.rows.length)} shown`,
          ]
        : [];
  return (
    <span className={section['summary']} data-testid="cache-summary">
      {parts.filter((part) => part !== false).join(' · ')}
    </span>
  );
}

function Filters({ tab }: { readonly tab: Tab }) {
  const [search, setSearch] = useParam('q');
  const [place, setPlace] = usePlaceFilter();
  const [tier, setTier] = useParam('tier');
  if (tab === 'jobs') return null;
  return (
    <div className={section['end']}>
      <input
        className={section['filter']}
        type="search"
        aria-label="Filter by name"
        placeholder="Filter"
        value={search ?? ''}
        onChange={(event) => setSearch(event.target.value === '' ? undefined : event.target.value, 'replace')}
      />
      {tab === 'evictions' && <ReasonChoice />}
      {tab === 'objects' ? (
        <Segments<PlaceFilter>
          label="Where"
          value={place}
          onChange={(next) => setPlace(next)}
          options={[
            { value: 'all', name: 'All objects', content: 'All' },
            { value: 'memory', name: 'In memory', content: 'Memory' },
            { value: 'disk', name: 'On disk', content: 'Disk' },
            { value: 'pinned', name: 'Pinned', content: 'Pinned' },
          ]}
        />
      ) : (
        <Segments<'all' | CacheTierName>
          label="From"
          value={tier === 'memory' || tier === 'disk' ? tier : 'all'}
          onChange={(next) => setTier(next === 'all' ? undefined : next, 'replace')}
          options={[
            { value: 'all', name: 'All evictions', content: 'All' },
            { value: 'memory', name: 'From memory', content: 'Memory' },
            { value: 'disk', name: 'From disk', content: 'Disk' },
          ]}
        />
      )}
    </div>
  );
}

function Objects({ list, opened }: { readonly list: CacheList; readonly opened: string | undefined }) {
  const [search = '', setSearch] = useParam('q');
  const [place, setPlace] = usePlaceFilter();
  const [sortText] = useParam('sort');
  const rows = sorted(filtered(list.objects, { search, place }), parseSort(sortText));
  if (list.objects.length === 0) return <NothingCached />;
  if (rows.length > 0) return <ObjectTable rows={rows} at={list.at} opened={opened} />;
  const has = (filter: { readonly search: string; readonly place: PlaceFilter }): boolean =>
    filtered(list.objects, filter).length > 0;
  const terms: (Term & { readonly isCulprit: boolean })[] = [
    {
      words: `No name has “${search.trim()}” in it.`,
      isCulprit: search.trim() !== '' && has({ search: '', place }),
      onDrop: () => setSearch(undefined),
    },
    {
      words: place === 'pinned' ? 'Nothing is pinned.' : `Nothing is in the ${place} level.`,
      isCulprit: place !== 'all' && has({ search, place: 'all' }),
      onDrop: () => setPlace('all'),
    },
  ];
  return (
    <NothingMatches
      culprits={terms.filter(({ isCulprit }) => isCulprit)}
      onDropAll={() => {
        setSearch(undefined);
        setPlace('all');
      }}
    />
  );
}

function EvictionList({ chunkBytes }: { readonly chunkBytes: number }) {
  const { store } = useCache();
  const [search, setSearch] = useParam('q');
  const [tier, setTier] = useParam('tier');
  const [reason, setReason] = useParam('why');
  const { evictions } = store;
  if (!evictions) return <Loading />;
  if (evictions.total === 0) return <NoEvictions />;
  if (evictions.rows.length > 0) return <EvictionTable evictions={evictions} chunkBytes={chunkBytes} />;
  const terms: (Term & { readonly isSet: boolean })[] = [
    {
      words: `Object has “${search ?? ''}”`,
      isSet: search !== undefined,
      onDrop: () => setSearch(undefined),
    },
    { words: `From ${tier ?? ''}`, isSet: tier !== undefined, onDrop: () => setTier(undefined) },
    {
      words: isReason(reason) ? `Because ${reasonWords(reason)}` : '',
      isSet: isReason(reason),
      onDrop: () => setReason(undefined),
    },
  ];
  return (
    <NothingMatches
      culprits={terms.filter(({ isSet }) => isSet)}
      onDropAll={() => {
        setSearch(undefined);
        setTier(undefined);
        setReason(undefined);
      }}
    />
  );
}

function JobList({ list }: { readonly list: CacheList }) {
  const { mayChange } = useCache();
  if (list.jobs.length === 0) return <NoJobs mayChange={mayChange} />;
  return (
    <ul className={styles['jobs']} data-testid="cache-jobs">
      {list.jobs.map((job) => (
        <JobRow key={job.id} job={job} at={list.at} shows="object" />
      ))}
    </ul>
  );
}

function usePlaceFilter(): readonly [PlaceFilter, (next: PlaceFilter) => void] {
  const [text, setText] = useParam('in');
  const place = places.find((each) => each === text) ?? 'all';
  return [place, (next) => setText(next === 'all' ? undefined : next, 'replace')];
}

function useEvictionQuery(): EvictionQuery {
  const { params } = usePlace();
  const { q, tier, why } = params;
  return {
    ...(q !== undefined && { search: q.slice(0, 200) }),
    ...((tier === 'memory' || tier === 'disk') && { tier }),
    ...(isReason(why) && { reason: why }),
  };
}

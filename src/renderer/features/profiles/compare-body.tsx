/** Two profiles that can be compared: what changed in a sentence, as an icicle, and as a table. */
import { useCallback, useMemo } from 'react';
import { shortNameOf } from '#shared/profile/callout.ts';
import type { SampleType } from '#shared/profile/profile.ts';
import { formatCount } from '#shared/units.ts';
import type { ChangePage, ChangePicture, Pairing, ProfileInfo } from '../../state/profile-questions.ts';
import { Beside } from '../../ui/boundary.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { CallTable } from './call-table.tsx';
import { ChangeLegend } from './change-legend.tsx';
import { paintChange, partsOf } from './change-painter.ts';
import { ChangeSandwichDrawer } from './change-sandwich.tsx';
import { changeColumnNames, ChangeTable, usualChangeOrder } from './change-table.tsx';
import { type ChangeFormat, changeFormat, presenceMarks, presenceOf } from './change-words.ts';
import { NothingMatches, NotShown } from './empty.tsx';
import { Icicle } from './icicle.tsx';
import type { FillBox } from './icicle-painter.ts';
import { LayoutChoice } from './layout-choice.tsx';
import { parseOrder } from '../../ui/order.ts';
import { shadeOf } from './module-of.ts';
import { zoomTo } from './zoom.ts';
import { Rows } from './rows.tsx';
import { SearchField } from './search-field.tsx';
import { Sentence } from './sentence.tsx';
import { changeAddress, useProfileAddress } from './use-address.ts';
import { Waiting } from './waiting.tsx';
import { useAnswer } from './use-answer.ts';
import { useLeastShare } from './use-least-share.ts';
import styles from './profile-body.module.css';
import toolbar from './toolbar.module.css';

const modes = [
  { value: 'absolute', name: 'Absolute: as they are', content: 'Absolute' },
  { value: 'share', name: 'Share of the sum of each', content: 'Share' },
] as const;

interface CompareBodyProps {
  readonly a: ProfileInfo;
  readonly b: ProfileInfo;
  /** Those that both have. */
  readonly types: readonly SampleType[];
}

export function CompareBody({ a, b, types }: CompareBodyProps) {
  const { type: wanted, mode, search, zoom, functionName, sort, layout, isTable } = useProfileAddress();
  const usual = a.sampleTypes[a.defaultType]?.type;
  const type =
    types.find((each) => each.type === wanted) ?? types.find((each) => each.type === usual) ?? types[0];
  const pairing: Pairing = { before: a.id, after: b.id, type: type?.type ?? '', mode };
  const order = parseOrder(sort, changeColumnNames, usualChangeOrder);
  const leastShare = useLeastShare();
  const most = useAnswer('changes', { ...pairing, ...usualChangeOrder, search: '' });
  const table = useAnswer('changes', { ...pairing, ...order, search });
  const icicle = useAnswer('changeIcicle', { ...pairing, zoom, search, leastShare });
  useEscape(functionName !== undefined, () => changeAddress({ fn: undefined }));
  const failure = table.failure ?? icicle.failure;
  if (failure !== undefined) return <NotShown title="These two cannot be compared">{failure}</NotShown>;
  const formatOf = (asked: Pairing): ChangeFormat =>
    changeFormat(asked.mode, types.find((each) => each.type === asked.type)?.unit ?? 'count');
  const left = types.length < a.sampleTypes.length || types.length < b.sampleTypes.length;
  return (
    <section className={styles['body']} aria-label={`${a.name} and ${b.name}`}>
      {most.answer && most.asked ? (
        <Most page={most.answer} type={most.asked.type} format={formatOf(most.asked)} pairing={most.asked} />
      ) : (
        <Sentence code={undefined} rest={undefined} facts={[]} />
      )}
      <div className={toolbar['toolbar']}>
        <Segments
          label="Sample type"
          value={type?.type}
          options={types.map((each) => ({ value: each.type, name: each.type, content: each.type }))}
          onChange={(next) => changeAddress({ type: next }, 'replace')}
        />
        {left && <span title={notInBoth(a, b, types)}>others are not in both</span>}
        <Segments
          label="Compared"
          value={mode}
          options={modes}
          onChange={(next) => changeAddress({ mode: next === 'absolute' ? undefined : next }, 'replace')}
        />
        <SearchField
          search={search}
          placeholder="Search functions"
          found={
            search.trim() === '' || !table.answer ? undefined : `${formatCount(table.answer.matching)} found`
          }
        />
        <LayoutChoice layout={layout} isTable={isTable} />
      </div>
      <div className={styles['columns']} data-drawer={functionName !== undefined}>
        <Rows
          id="compare-rows"
          layout={layout}
          picture={
            icicle.answer && icicle.asked ? (
              <ChangedCalls
                picture={icicle.answer}
                format={formatOf(icicle.asked)}
                search={search}
                chosenName={functionName}
                isTable={isTable}
              />
            ) : (
              <Waiting />
            )
          }
          table={
            table.answer?.matching === 0 ? (
              <NothingMatches what="function" search={search} />
            ) : (
              table.answer &&
              table.asked && (
                <ChangeTable
                  page={table.answer}
                  format={formatOf(table.asked)}
                  unit={table.asked.mode === 'share' ? undefined : type?.unit}
                  order={order}
                  openName={functionName}
                />
              )
            )
          }
        />
        {functionName !== undefined && (
          <Beside what="This function" of={functionName} onClose={() => changeAddress({ fn: undefined })}>
            <ChangeSandwichDrawer
              pairing={pairing}
              formatOf={formatOf}
              unit={type?.unit ?? 'count'}
              name={functionName}
            />
          </Beside>
        )}
      </div>
    </section>
  );
}

function notInBoth(a: ProfileInfo, b: ProfileInfo, types: readonly SampleType[]): string {
  const shared = new Set(types.map(({ type }) => type));
  const only = ({ name, sampleTypes }: ProfileInfo): string | undefined => {
    const own = sampleTypes.filter(({ type }) => !shared.has(type)).map(({ type }) => type);
    return own.length === 0 ? undefined : `Only ${name} has ${own.join(', ')}.`;
  };
  return [only(a), only(b)].filter((each) => each !== undefined).join(' ');
}

interface MostProps {
  readonly page: ChangePage;
  readonly type: string;
  readonly format: ChangeFormat;
  readonly pairing: Pairing;
}

/** What changed most, in a sentence. */
function Most({ page, type, format, pairing: { mode } }: MostProps) {
  const { rows, totalBefore, totalAfter } = page;
  const [first] = rows;
  const sums =
    mode === 'share'
      ? [`shares of each sum of ${type}`]
      : [
          `${type} in all: ${format.value(totalBefore)} in A, ${format.value(totalAfter)} in B`,
          format.change(totalAfter - totalBefore),
        ];
  const facts = [...sums, `${formatCount(page.all)} functions`];
  if (!first || first.delta === 0)
    return <Sentence code={undefined} rest={`Nothing differs in ${type}.`} facts={facts} />;
  const verb = first.delta > 0 ? 'more' : 'less';
  const rest = ` has ${format.value(Math.abs(first.delta))} ${verb} of ${type} in B, ${format.value(first.before)} → ${format.value(first.after)}`;
  return <Sentence code={shortNameOf(first.name)} rest={rest} facts={facts} />;
}

interface ChangedCallsProps {
  readonly picture: ChangePicture;
  readonly format: ChangeFormat;
  readonly search: string;
  readonly chosenName: string | undefined;
  readonly isTable: boolean;
}

function ChangedCalls({ picture, format, search, chosenName, isTable }: ChangedCallsProps) {
  const { boxes, name, names, files, crumbs } = picture;
  const shades = useMemo(() => names.map((each, at) => shadeOf(each, files[at] ?? '')), [names, files]);
  const fill = useCallback<FillBox>(
    (rect, box) => paintChange(rect, partsOf(picture, box), shades[name[box] ?? 0] ?? 'shade-1'),
    [picture, shades, name],
  );
  const mark = useCallback(
    (box: number) => {
      const text = presenceMarks[presenceOf(picture, box)];
      return text === '' ? '' : `${text} `;
    },
    [picture],
  );
  const words = (box: number): string => {
    const { kept, added, removed } = partsOf(picture, box);
    const presence = presenceOf(picture, box);
    const full = names[name[box] ?? 0] ?? '';
    return [
      `${mark(box)}${full === '' ? 'all' : full}`,
      `A ${format.value(kept + removed)} → B ${format.value(kept + added)}`,
      ...(presence === 'both' ? [] : [presence]),
      `in both ${format.value(kept)}, more ${format.value(added)}, less ${format.value(removed)}`,
    ].join(' · ');
  };
  const { kept, added, removed } = partsOf(picture, 0);
  const open = (wanted: string): void => changeAddress({ fn: wanted });
  const shown = crumbs.at(-1)?.name;
  return (
    <div className={styles['calls']}>
      <header className={styles['head']}>
        <h2>Calls</h2>
        <Breadcrumb crumbs={crumbs} onZoom={zoomTo} />
        {shown !== undefined && (
          <button type="button" className={styles['link']} onClick={() => open(shown)}>
            Callers and callees
          </button>
        )}
        <ChangeLegend kept={format.value(kept)} added={format.value(added)} removed={format.value(removed)} />
      </header>
      {isTable ? (
        <CallTable
          picture={picture}
          mark={mark}
          onZoom={zoomTo}
          columns={[
            {
              name: 'a',
              title: 'A',
              meaning: 'With all that it calls, in A',
              width: '88px',
              cell: (box) => format.value(sumBefore(picture, box)),
            },
            {
              name: 'b',
              title: 'B',
              meaning: 'With all that it calls, in B',
              width: '88px',
              cell: (box) => format.value(sumAfter(picture, box)),
            },
            {
              name: 'more',
              title: 'More',
              meaning: 'What has come, in it and below',
              width: '88px',
              cell: (box) => format.value(partsOf(picture, box).added),
            },
            {
              name: 'less',
              title: 'Less',
              meaning: 'What has gone, in it and below',
              width: '88px',
              cell: (box) => format.value(partsOf(picture, box).removed),
            },
          ]}
        />
      ) : (
        <Icicle
          picture={picture}
          label={`Calls of both profiles: ${format.value(kept)} in both, ${format.value(added)} more in B, ${format.value(removed)} less`}
          fill={fill}
          mark={mark}
          words={words}
          search={search}
          chosenName={chosenName}
          onZoom={zoomTo}
          onOpen={open}
          foot={boxes.leftOut > 0 && <span>{formatCount(boxes.leftOut)} too small to be drawn</span>}
        />
      )}
    </div>
  );
}

function sumBefore(picture: ChangePicture, box: number): number {
  const { kept, removed } = partsOf(picture, box);
  return kept + removed;
}

function sumAfter(picture: ChangePicture, box: number): number {
  const { kept, added } = partsOf(picture, box);
  return kept + added;
}

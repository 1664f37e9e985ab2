/** One profile: what it says in a sentence, its calls as an icicle, its functions as a table, and one of them. */
import { useCallback, useMemo } from 'react';
import { formatShare, formatValue } from '#shared/profile/callout.ts';
import type { SampleType } from '#shared/profile/profile.ts';
import { formatCount } from '#shared/units.ts';
import type { CallPicture, Looking, Overview, ProfileInfo } from '../../state/profile-questions.ts';
import { Beside } from '../../ui/boundary.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { CallTable } from './call-table.tsx';
import { hollow } from './change-painter.ts';
import { NothingMatches, NothingSampled, NotShown } from './empty.tsx';
import { Icicle } from './icicle.tsx';
import type { FillBox } from './icicle-painter.ts';
import { LabelsMenu } from './labels-menu.tsx';
import { LayoutChoice } from './layout-choice.tsx';
import { parseOrder } from '../../ui/order.ts';
import { moduleOf, shadeOf } from './module-of.ts';
import { Rows } from './rows.tsx';
import { SandwichDrawer } from './sandwich.tsx';
import { SearchField } from './search-field.tsx';
import { Sentence } from './sentence.tsx';
import { topColumnNames, TopTable, usualTopOrder } from './top-table.tsx';
import { changeAddress, useProfileAddress } from './use-address.ts';
import { Waiting } from './waiting.tsx';
import { useAnswer } from './use-answer.ts';
import { useLeastShare } from './use-least-share.ts';
import { exactWords, factsOf, labelWords, percentWords, typeOf } from './words.ts';
import { zoomTo } from './zoom.ts';
import styles from './profile-body.module.css';
import toolbar from './toolbar.module.css';

export function ProfileBody({ info }: { readonly info: ProfileInfo }) {
  const address = useProfileAddress();
  const { labels, search, zoom, functionName, sort, layout, isTable } = address;
  const type = typeOf(info, address.type);
  const looking: Looking = { id: info.id, type: type?.type ?? '', labels };
  const order = parseOrder(sort, topColumnNames, usualTopOrder);
  const leastShare = useLeastShare();
  const overview = useAnswer('overview', looking);
  const top = useAnswer('top', { ...looking, ...order, search });
  const icicle = useAnswer('icicle', { ...looking, zoom, search, leastShare });
  useEscape(functionName !== undefined, () => changeAddress({ fn: undefined }));
  const failure = overview.failure ?? top.failure ?? icicle.failure;
  if (!type || failure !== undefined)
    return <NotShown title="This profile cannot be shown">{failure ?? 'It has no sample type.'}</NotShown>;
  const unitOf = (asked: Looking | undefined): string => typeOf(info, asked?.type)?.unit ?? type.unit;
  const isEmpty = overview.asked?.type === type.type && overview.answer?.isEmpty === true;
  return (
    <section className={styles['body']} aria-label={info.name}>
      {overview.answer && overview.asked ? (
        <Callout
          overview={overview.answer}
          looking={overview.asked}
          type={typeOf(info, overview.asked.type) ?? type}
          facts={factsOf(info)}
        />
      ) : (
        <Sentence code={undefined} rest={undefined} facts={factsOf(info)} />
      )}
      <div className={toolbar['toolbar']}>
        <Segments
          label="Sample type"
          value={type.type}
          options={info.sampleTypes.map((each) => ({
            value: each.type,
            name: each.type,
            content: each.type,
          }))}
          onChange={(next) => changeAddress({ type: next }, 'replace')}
        />
        {info.hasLabels && <LabelsMenu id={info.id} type={type.type} unit={type.unit} labels={labels} />}
        <SearchField
          search={search}
          placeholder="Search functions"
          found={
            search.trim() === '' || !top.answer || !icicle.answer
              ? undefined
              : `${formatCount(top.answer.matching)} ${top.answer.matching === 1 ? 'function' : 'functions'} · ${foundShare(icicle.answer)}`
          }
        />
        <LayoutChoice layout={layout} isTable={isTable} />
      </div>
      {isEmpty ? (
        <NothingSampled type={type.type} labels={labels} />
      ) : (
        <div className={styles['columns']} data-drawer={functionName !== undefined}>
          <Rows
            id="profile-rows"
            layout={layout}
            picture={
              icicle.answer && icicle.asked ? (
                <Calls
                  picture={icicle.answer}
                  unit={unitOf(icicle.asked)}
                  type={icicle.asked.type}
                  search={search}
                  chosenName={functionName}
                  isTable={isTable}
                />
              ) : (
                <Waiting />
              )
            }
            table={
              top.answer?.matching === 0 ? (
                <NothingMatches what="function" search={search} />
              ) : (
                top.answer && (
                  <TopTable
                    page={top.answer}
                    unit={unitOf(top.asked)}
                    order={order}
                    openName={functionName}
                  />
                )
              )
            }
          />
          {functionName !== undefined && (
            <Beside what="This function" of={functionName} onClose={() => changeAddress({ fn: undefined })}>
              <SandwichDrawer looking={looking} unit={type.unit} name={functionName} />
            </Beside>
          )}
        </div>
      )}
    </section>
  );
}

interface CalloutProps {
  readonly overview: Overview;
  readonly looking: Looking;
  readonly type: SampleType;
  readonly facts: readonly string[];
}

function Callout({ overview, looking, type, facts }: CalloutProps) {
  const { callout, wanted, whole } = overview;
  const { labels } = looking;
  const scope =
    labels.length === 0
      ? []
      : [
          `only ${labelWords(labels)}: ${formatValue(wanted, type.unit)}, ${percentWords(wanted, whole)} of all`,
        ];
  const rest = callout?.sentence.startsWith(callout.shortName)
    ? callout.sentence.slice(callout.shortName.length)
    : callout?.sentence;
  return (
    <Sentence
      code={callout?.shortName}
      rest={rest ?? `No function has any ${type.type} of its own.`}
      facts={[...scope, `${formatValue(wanted, type.unit)} ${type.type} in all`, ...facts]}
    />
  );
}

interface CallsProps {
  readonly picture: CallPicture;
  readonly unit: string;
  readonly type: string;
  readonly search: string;
  readonly chosenName: string | undefined;
  readonly isTable: boolean;
}

function Calls({ picture, unit, type, search, chosenName, isTable }: CallsProps) {
  const { boxes, name, names, files, total, self, whole, crumbs } = picture;
  const shades = useMemo(() => names.map((each, at) => shadeOf(each, files[at] ?? '')), [names, files]);
  const fill = useCallback<FillBox>(
    (rect, box) => {
      const { context, colors, x, y, width, height } = rect;
      if ((total[box] ?? 0) < 0) {
        hollow(rect, x, width);
        return;
      }
      context.fillStyle = colors[shades[name[box] ?? 0] ?? 'shade-1'];
      context.fillRect(x, y, width, height);
    },
    [shades, name, total],
  );
  const nameOf = (box: number): string => names[name[box] ?? 0] ?? '';
  const words = (box: number): string => {
    const [all, own] = [total[box] ?? 0, self[box] ?? 0];
    const module = moduleOf(nameOf(box), files[name[box] ?? 0] ?? '');
    return [
      nameOf(box) === '' ? 'all' : nameOf(box),
      `${formatValue(all, unit)}, ${percentWords(all, whole)}`,
      own === 0 ? 'nothing of its own' : `itself ${formatValue(own, unit)}, ${percentWords(own, whole)}`,
      ...(module === '' ? [] : [module]),
    ].join(' · ');
  };
  const open = (wanted: string): void => changeAddress({ fn: wanted });
  const shown = crumbs.at(-1)?.name;
  const value = (of: number) => <span title={exactWords(of, unit)}>{formatValue(of, unit)}</span>;
  return (
    <div className={styles['calls']}>
      <header className={styles['head']}>
        <h2>Calls</h2>
        <Breadcrumb crumbs={crumbs} onZoom={zoomTo} />
        <span>
          width: {type} · shade: package or file
          {total.some((value) => value < 0) && ' · hollow: below zero'}
        </span>
        {shown !== undefined && (
          <button type="button" className={styles['link']} onClick={() => open(shown)}>
            Callers and callees
          </button>
        )}
      </header>
      {isTable ? (
        <CallTable
          picture={picture}
          onZoom={zoomTo}
          columns={[
            {
              name: 'total',
              title: 'Total',
              meaning: 'With all that it calls',
              width: '96px',
              cell: (box) => value(total[box] ?? 0),
            },
            {
              name: 'share',
              title: 'Total %',
              meaning: 'As a share of all',
              width: '72px',
              cell: (box) => percentWords(total[box] ?? 0, whole),
            },
            {
              name: 'self',
              title: 'Self',
              meaning: 'Of the call itself',
              width: '96px',
              cell: (box) => value(self[box] ?? 0),
            },
          ]}
        />
      ) : (
        <Icicle
          picture={picture}
          label={`Calls by ${type}: ${formatCount(boxes.node.length - 1)} in sight. Widest below: ${boxes.node.length > 1 ? words(1) : 'none'}`}
          fill={fill}
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

/** `86 % of what is in sight`. */
function foundShare({ matched, whole }: CallPicture): string {
  return whole === 0 || matched === undefined ? '0 %' : `${formatShare(matched / whole)} of all`;
}

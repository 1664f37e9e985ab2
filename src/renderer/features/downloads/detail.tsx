import { useCallback } from 'react';
import type { DownloadDetail } from '#shared/download-model.ts';
import { formatBytes, formatCount, formatDuration } from '#shared/units.ts';
import type { OpenedDownload } from '../../state/download-store.ts';
import { useParam, usePlace } from '../../state/place.ts';
import { Beside } from '../../ui/boundary.tsx';
import { IconButton } from '../../ui/button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { ObjectName } from '../live/object-name.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { Forgotten, Loading } from './empty.tsx';
import { ObjectMap } from './object-map.tsx';
import { openDownload } from './open-download.ts';
import { PieceDrawer } from './piece-drawer.tsx';
import { PieceTable } from './piece-table.tsx';
import { Rasters } from './rasters.tsx';
import { Simulator } from './simulator.tsx';
import { revisionWords } from './words.ts';
import styles from './detail.module.css';

interface DetailProps {
  readonly opened: OpenedDownload;
  readonly isTable: boolean;
}

/** One download: its object, its readers, its pieces; beside them what another window would have done, or one chunk. */
export function Detail({ opened, isTable }: DetailProps) {
  const { params } = usePlace();
  const { detail, failure, pieces } = opened;
  const [chunk, choose] = useChunk();
  useEscape(chunk !== undefined, () => choose(undefined));
  if (!detail) {
    return failure === undefined ? (
      <Loading />
    ) : (
      <Forgotten sentence={failure} onClose={() => openDownload(undefined, params)} />
    );
  }
  const now = detail.at - detail.download.startedAt;
  const { all } = pieces;
  return (
    <section className={styles['detail']} aria-labelledby="detail-title" data-testid="download-detail">
      <Head detail={detail} failure={failure} onClose={() => openDownload(undefined, params)} />
      <div className={styles['body']}>
        <div className={styles['main']}>
          <ObjectMap detail={detail} pieces={all} chunk={chunk} onChoose={choose} isTable={isTable} />
          <Rasters lanes={opened.lanes} readers={detail.lanes.length} isTable={isTable} />
          <PieceTable pieces={all} forgotten={detail.firstRow} now={now} chunk={chunk} onChoose={choose} />
        </div>
        {chunk === undefined ? (
          <Simulator detail={detail} pieces={all} now={now} isTable={isTable} />
        ) : (
          <Beside what="This chunk" of={chunk} onClose={() => choose(undefined)}>
            <PieceDrawer
              key={chunk}
              detail={detail}
              chunk={chunk}
              pieces={all.filter(({ index }) => index === chunk)}
              now={now}
              onClose={() => choose(undefined)}
            />
          </Beside>
        )}
      </div>
    </section>
  );
}

/** The chunk in the address. */
function useChunk(): readonly [number | undefined, (chunk: number | undefined) => void] {
  const [text, set] = useParam('chunk');
  const choose = useCallback(
    (chunk: number | undefined) => set(chunk === undefined ? undefined : String(chunk), 'replace'),
    [set],
  );
  return [text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined, choose];
}

interface HeadProps {
  readonly detail: DownloadDetail;
  readonly failure: string | undefined;
  readonly onClose: () => void;
}

function Head({ detail, failure, onClose }: HeadProps) {
  const { object, revision, objectBytes, fetchedBytes, state, startedAt, lastAt, active, readers } =
    detail.download;
  return (
    <header className={styles['head']}>
      <h2 id="detail-title" title={object}>
        <ObjectName name={object} />
      </h2>
      {failure === undefined ? (
        <p>
          {formatBytes(objectBytes)} · revision <code title={revision}>{revisionWords(revision)}</code> ·{' '}
          {formatBytes(fetchedBytes)} fetched in {formatDuration(lastAt - startedAt)} · {state}
          {active > 0 && `, ${formatCount(active)} on their way`}
          {readers > 0 && `, ${formatCount(readers)} ${readers === 1 ? 'reader' : 'readers'}`}
        </p>
      ) : (
        <p className={styles['bad']}>▲ not read again: {failure}</p>
      )}
      <IconButton icon={closePath} name="Close (Esc)" onPress={onClose} />
    </header>
  );
}

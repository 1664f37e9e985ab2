import type { DownloadDetail } from '#shared/download-model.ts';
import { formatBytes, formatClock, formatCount, formatDuration, formatRate } from '#shared/units.ts';
import type { Piece } from '../../state/pieces.ts';
import { placeHash } from '../../state/place.ts';
import { useServerUrl } from '../../state/server-url.ts';
import { IconButton, LinkButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { closePath } from '../../ui/icons.tsx';
import { AttemptBars } from './attempt-bars.tsx';
import { firstByteMs, heldMs, queueMs, rateOf, transferMs } from './piece-times.ts';
import { attemptWords, curlCommand, laneWords, requestsFilter, spanWords } from './words.ts';
import styles from './piece-drawer.module.css';

interface PieceDrawerProps {
  readonly detail: DownloadDetail;
  readonly chunk: number;
  /** Those of the chunk, in the order in which they were fetched. */
  readonly pieces: readonly Piece[];
  /** Milliseconds since the download's start. */
  readonly now: number;
  readonly onClose: () => void;
}

/** Pieces of one chunk that are shown; the others are counted. */
const mostPieces = 8;

/** One chunk: each time that it was fetched, and how to ask for it again. */
export function PieceDrawer({ detail, chunk, pieces, now, onClose }: PieceDrawerProps) {
  const serverUrl = useServerUrl();
  const { download, chunkBytes } = detail;
  const start = Math.min(download.objectBytes, chunk * chunkBytes);
  const end = Math.min(download.objectBytes, start + chunkBytes);
  const command = start < end ? curlCommand(download, serverUrl, { start, end }) : undefined;
  const shown = pieces.slice(-mostPieces).toReversed();
  return (
    <aside className={styles['drawer']} aria-labelledby="chunk-title" data-testid="piece-drawer">
      <header className={styles['head']}>
        <h3 id="chunk-title">Chunk {formatCount(chunk)}</h3>
        <span>{spanWords(start, end)}</span>
        <IconButton icon={closePath} name="Close the chunk (Esc)" onPress={onClose} />
      </header>
      <p className={styles['range']}>
        bytes {formatCount(start)} – {formatCount(Math.max(start, end - 1))} of{' '}
        {formatCount(download.objectBytes)}
      </p>
      <div className={styles['actions']}>
        {command !== undefined && <CopyButton text={command} label="Copy as curl" />}
        <LinkButton href={placeHash('requests', '', { q: requestsFilter(download.object) })}>
          Requests touching these bytes
        </LinkButton>
      </div>
      {pieces.length === 0 && (
        <p className={styles['none']}>
          Not fetched in this download, as far as it is remembered
          {detail.firstRow > 0 ? ': the oldest pieces are forgotten.' : '.'}
        </p>
      )}
      {shown.map((piece) => (
        <PieceFacts key={piece.row} piece={piece} now={now} startedAt={download.startedAt} />
      ))}
      {pieces.length > mostPieces && (
        <p className={styles['none']}>{formatCount(pieces.length - mostPieces)} earlier ones not shown</p>
      )}
    </aside>
  );
}

interface PieceFactsProps {
  readonly piece: Piece;
  readonly now: number;
  readonly startedAt: number;
}

function PieceFacts({ piece, now, startedAt }: PieceFactsProps) {
  const rate = rateOf(piece);
  const facts: readonly (readonly [string, string])[] = [
    ['State', piece.state],
    ['Fetched for', laneWords[piece.lane]],
    ['Asked at', formatClock(startedAt + piece.queuedAt)],
    ['Bytes', `${formatBytes(piece.receivedBytes)} of ${formatBytes(piece.end - piece.start)}`],
    ['Attempts', attemptWords(piece)],
    ['Queue', words(queueMs(piece))],
    ['First byte', words(firstByteMs(piece))],
    ['Transfer', words(transferMs(piece))],
    ['Rate', rate === undefined ? '–' : formatRate(rate)],
    ['Held', words(heldMs(piece, now))],
    ['Later from', piece.tier === 'none' ? 'not read again' : piece.tier],
  ];
  return (
    <section className={styles['piece']} aria-label={`Fetched at ${formatClock(startedAt + piece.queuedAt)}`}>
      <AttemptBars piece={piece} now={now} />
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function words(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '–' : formatDuration(milliseconds);
}

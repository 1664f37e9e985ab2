/** Downloads as consoles see them: the log, and beside it what is in memory and on disk at this instant. */
import { chunkAt } from '#main/cache/chunk.ts';
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { DownloadSource } from '#main/recording/download-records.ts';
import type { RecordField } from '#main/telemetry/chunk-records.ts';
import type { RecordedDownload } from '#main/telemetry/recorded-download.ts';
import type { Engine } from '#main/transfer/engine.ts';
import {
  type DownloadDetail,
  type DownloadList,
  type DownloadRow,
  type FailedAttempt,
  pieceColumnNames,
  type PieceColumns,
} from '#shared/download-model.ts';
import {
  type CellState,
  cellLetter,
  maxCells,
  maxPieces,
  maxReaders,
  pieceStates,
} from '#shared/vocabulary/downloads.ts';
import { SluiceError } from '#shared/errors.ts';

export function describeDownloads({ downloads }: Engine): DownloadList {
  const epoch = Date.now() - downloads.now;
  return {
    at: Date.now(),
    downloads: downloads.downloads.map((download) => describe(download, epoch)),
    forgotten: downloads.forgotten,
    usedBytes: downloads.byteLength,
  };
}

/** With the pieces that have changed since `version`. @throws SluiceError NOT_FOUND */
export function detailDownload(engine: Engine, id: number, version: number): DownloadDetail {
  const log = engine.downloads;
  const download = log.download(id);
  if (!download)
    throw new SluiceError('NOT_FOUND', `download ${id} is not remembered any more, or never was`);
  const epoch = Date.now() - log.now;
  const rows = changedRows(download, version);
  const readers = [...engine.transfers].filter(({ revision }) => isOf(download, revision.object));
  return {
    at: Date.now(),
    download: describe(download, epoch),
    ...mapOf(engine, download),
    chunkBytes: engine.pool.chunkBytes,
    pieces: columnsOf(download, rows),
    failedAttempts: rows.flatMap((row) => failuresOf(download, row)).slice(0, maxPieces),
    firstRow: download.records.first,
    version: log.version,
    lanes: readers.slice(0, maxReaders).map((transfer) => transfer.id),
  };
}

/** For whoever looks at the downloads of one engine again and again. */
export function downloadsOf(engine: Engine): DownloadSource {
  return {
    list: () => describeDownloads(engine),
    detail: (id, version) => detailDownload(engine, id, version),
  };
}

const shown = { object: 256, path: 1024, revision: 128 };

function describe(download: RecordedDownload, epoch: number): DownloadRow {
  const { id, revision, readers, fetchedBytes, done, failed, active, retries, hedges } = download;
  const { object, known } = revision;
  const { bytesPerSecond, firstByteMs, state } = download;
  const path = known?.path;
  return {
    id,
    object: (known?.name ?? object.key).slice(-shown.object),
    ...(path === undefined || path.length > shown.path ? {} : { path }),
    revision: object.pin.slice(0, shown.revision),
    objectBytes: object.length,
    fetchedBytes,
    done,
    failed,
    active,
    readers,
    bytesPerSecond,
    retries,
    hedges,
    ...(firstByteMs === undefined ? {} : { firstByteMs }),
    startedAt: epoch + download.startedAt,
    lastAt: epoch + download.lastAt,
    state,
  };
}

function isOf({ revision }: RecordedDownload, { key, pin, length }: ObjectRevision): boolean {
  const { object } = revision;
  return object.key === key && object.pin === pin && object.length === length;
}

function changedRows({ records }: RecordedDownload, version: number): readonly number[] {
  const rows: number[] = [];
  for (let row = records.first; row < records.added; row += 1)
    if (records.get(row, 'version') > version) rows.push(row);
  return rows;
}

const times: ReadonlySet<string> = new Set<RecordField>([
  'queuedAt',
  'askedAt',
  'answeredAt',
  'completeAt',
  'heldSince',
  'releasedAt',
  'goneAt',
]);

function columnsOf({ records, startedAt }: RecordedDownload, rows: readonly number[]): PieceColumns {
  const column = (name: keyof PieceColumns): number[] => {
    if (name === 'row') return [...rows];
    const isTime = times.has(name);
    return rows.map((row) => since(records.get(row, name), isTime ? startedAt : 0));
  };
  return Object.fromEntries(pieceColumnNames.map((name) => [name, column(name)])) as unknown as PieceColumns;
}

/** To a tenth (of a millisecond); -1 for what has not happened. */
function since(at: number, startedAt: number): number {
  return Number.isNaN(at) ? -1 : Math.round((at - startedAt) * 10) / 10;
}

function failuresOf({ failedTries, startedAt }: RecordedDownload, row: number): readonly FailedAttempt[] {
  return (failedTries.get(row) ?? []).map(({ askedAt, answeredAt, endedAt, reason }) => ({
    row,
    askedAt: since(askedAt, startedAt),
    answeredAt: since(answeredAt, startedAt),
    endedAt: since(endedAt, startedAt),
    reason,
  }));
}

/** Most telling first: what a cell shows that stands for several chunks. */
const precedence: readonly CellState[] = [
  'failed',
  'retry',
  'draining',
  'held',
  'receiving',
  'waiting',
  'queued',
  'cached',
  'partly',
  'disk',
  'evicted',
  'cancelled',
  'never',
];

/** The whole object, chunk by chunk: what is in memory now, else on disk, else what became of it. */
function mapOf(engine: Engine, download: RecordedDownload): Pick<DownloadDetail, 'cells' | 'chunksPerCell'> {
  const { chunkBytes, revisions } = engine.pool;
  // The log knows what the engine's own types say of it.
  const object = download.revision.object as ObjectRevision;
  const chunks = Math.max(1, Math.ceil(object.length / chunkBytes));
  const chunksPerCell = Math.ceil(chunks / maxCells);
  const cells = Array.from<CellState>({ length: Math.ceil(chunks / chunksPerCell) }).fill('never');
  const put = (index: number, state: CellState): void => {
    const cell = Math.floor(index / chunksPerCell);
    const before = cells[cell] ?? 'never';
    if (chunksPerCell === 1 || precedence.indexOf(state) < precedence.indexOf(before)) cells[cell] = state;
  };
  for (const [index, state] of pastOf(download, chunkBytes)) put(index, state);
  // Where a cell stands for several chunks the first of them is asked for: the answer has to be cheap.
  for (let index = 0; index < chunks; index += chunksPerCell)
    if (engine.isOnDisk(chunkAt(object, index * chunkBytes, chunkBytes))) put(index, 'disk');
  const revision = revisions.find(object);
  for (const extent of revision?.extents ?? [])
    put(extent.id.index, isPartOf(extent) ? 'partly' : stateOf(engine, extent));
  for (const chunk of revision?.chunks.values() ?? []) put(chunk.id.index, stateOf(engine, chunk));
  return { cells: cells.map(cellLetter).join(''), chunksPerCell };
}

function isPartOf({ id, within }: ResidentChunk): boolean {
  return id !== within;
}

function stateOf({ pool }: Engine, chunk: ResidentChunk): CellState {
  return pool.isIdle(chunk) ? 'cached' : chunk.state;
}

/** What the log says became of each chunk, the newest word on it. */
function pastOf({ records, revision }: RecordedDownload, chunkBytes: number): ReadonlyMap<number, CellState> {
  const past = new Map<number, CellState>();
  for (let row = records.first; row < records.added; row += 1) {
    const index = records.get(row, 'index');
    const state = pieceStates[records.get(row, 'state')] ?? 'queued';
    const wholeBytes = Math.min(chunkBytes, revision.object.length - index * chunkBytes);
    const isWhole = records.get(row, 'end') - records.get(row, 'start') === wholeBytes;
    // Something of the chunk may still be there: the pool and the disk know better, and are asked next.
    if (state === 'failed' || state === 'cancelled') past.set(index, state);
    else past.set(index, isWhole ? 'evicted' : 'partly');
  }
  return past;
}

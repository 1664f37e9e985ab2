import { describe, expect, it } from 'vitest';
import type { DownloadDetail, DownloadRow, PieceColumns } from '#shared/download-model.ts';
import { pieceColumnNames } from '#shared/download-model.ts';
import type { RecordingRecord } from '#shared/recording/records.ts';
import { blocksOfFile } from './block-source.ts';
import { Blocks } from './blocks.ts';
import { RecordedState } from './recorded-state.ts';
import { recordedHello, recordingClient } from './recording-client.ts';
import { fileOf, framesOfNight, inBlocks, recordsOf, sourceOfBytes, startAt } from './recording.fixture.ts';

const download: DownloadRow = {
  id: 7,
  object: 'weights',
  revision: 'r',
  objectBytes: 100,
  fetchedBytes: 1,
  done: 1,
  failed: 0,
  active: 0,
  readers: 1,
  bytesPerSecond: 0,
  retries: 0,
  hedges: 0,
  startedAt: startAt,
  lastAt: startAt,
  state: 'fetching',
};

function detailOf(at: number, version: number, rows: readonly number[], id = 7): DownloadDetail {
  const column = (name: string): number[] =>
    rows.map((row) => (name === 'row' ? row : name === 'receivedBytes' ? version : 0));
  return {
    at,
    download: { ...download, id },
    chunkBytes: 10,
    cells: 'a',
    chunksPerCell: 1,
    pieces: Object.fromEntries(
      pieceColumnNames.map((name) => [name, column(name)]),
    ) as unknown as PieceColumns,
    failedAttempts: rows.map((row) => ({ row, askedAt: version, answeredAt: 0, endedAt: 0, reason: 'x' })),
    firstRow: 0,
    version,
    lanes: [],
  };
}

const told = (
  seconds: number,
  version: number,
  rows: readonly number[],
  id = 7,
): readonly RecordingRecord[] => {
  const at = startAt + seconds * 1000;
  return [
    {
      kind: 'downloads',
      at,
      list: { at, downloads: [{ ...download, fetchedBytes: version }], forgotten: 0, usedBytes: 1 },
    },
    { kind: 'download', at, detail: detailOf(at, version, rows, id) },
  ];
};

const alertAt = (seconds: number, state: 'firing' | 'resolved'): RecordingRecord => ({
  kind: 'alert',
  at: startAt + seconds * 1000,
  alert: { id: 'a', rule: 'client-bound', state, at: startAt + 10_000, value: 1, threshold: 1, text: 'x' },
});

const owned = (seconds: number, totalBytes: number): RecordingRecord => {
  const at = startAt + seconds * 1000;
  return { kind: 'owners', at, ledger: { at, totalBytes, owners: [] } };
};

const night = framesOfNight(30);
const records = [
  ...recordsOf(night),
  ...told(3, 3, [0, 1, 2]),
  ...told(5, 5, [1]),
  ...told(7, 7, [2, 3]),
  ...told(8, 8, [0], 9),
  owned(11, 11),
  owned(15, 15),
  alertAt(10, 'firing'),
  alertAt(20, 'resolved'),
].toSorted((a, b) => a.at - b.at);

async function stateOf() {
  const blocks = new Blocks(await blocksOfFile(sourceOfBytes(await fileOf(inBlocks(records)))));
  return { blocks, state: new RecordedState(blocks) };
}

describe('what a recording knows of an instant', () => {
  it('is the list of downloads as it was told last', async () => {
    const { state } = await stateOf();
    const fetched = async (seconds: number) =>
      (await state.downloads(startAt + seconds * 1000)).downloads.map(({ fetchedBytes }) => fetchedBytes);
    expect(await fetched(2.9)).toEqual([]);
    expect(await fetched(3)).toEqual([3]);
    expect(await fetched(6.9)).toEqual([5]);
    expect(await fetched(29)).toEqual([8]);
    expect(await fetched(3)).toEqual([3]);
  });

  it('is each piece of a download as it was told last', async () => {
    const { state } = await stateOf();
    const at = async (seconds: number) => {
      const detail = await state.download(7, startAt + seconds * 1000);
      return detail && { row: detail.pieces.row, told: detail.pieces.receivedBytes, version: detail.version };
    };
    expect(await at(2)).toBeUndefined();
    expect(await at(4)).toEqual({ row: [0, 1, 2], told: [3, 3, 3], version: 3 });
    expect(await at(6)).toEqual({ row: [0, 1, 2], told: [3, 5, 3], version: 5 });
    expect(await at(25)).toEqual({ row: [0, 1, 2, 3], told: [3, 5, 7, 7], version: 7 });
    const failures = (await state.download(7, startAt + 6000))?.failedAttempts;
    expect(failures?.map(({ row, askedAt }) => [row, askedAt])).toEqual([
      [0, 3],
      [1, 5],
      [2, 3],
    ]);
  });

  it('is who held the ledger, as it was told last', async () => {
    const { state } = await stateOf();
    const total = async (seconds: number) => (await state.owners(startAt + seconds * 1000))?.totalBytes;
    expect([await total(10), await total(11), await total(14), await total(29)]).toEqual([
      undefined,
      11,
      11,
      15,
    ]);
  });

  it('is alerts as they were, and requests in pages back to the beginning', async () => {
    const { state } = await stateOf();
    const states = (seconds: number) => state.alerts(startAt + seconds * 1000).map((alert) => alert.state);
    expect([states(9), states(12), states(29)]).toEqual([[], ['firing'], ['resolved']]);

    const at = startAt + 12_000;
    const all = night
      .filter((frame) => frame.at <= at)
      .flatMap(({ requests }) => requests.map(({ seq }) => seq));
    const pages: number[] = [];
    for (let before = Number.POSITIVE_INFINITY; ;) {
      const { requests, hasOlder } = await state.requests(at, before, 10);
      pages.push(...requests.map(({ seq }) => seq));
      before = pages.at(-1) ?? 0;
      if (!hasOlder) break;
      expect(requests).toHaveLength(10);
    }
    expect(pages).toEqual(all.toReversed());
  });
});

describe('the client of a recording', () => {
  it('answers as a server that is looked at, and refuses the rest in a sentence', async () => {
    const { blocks, state } = await stateOf();
    const [first] = night;
    const hello = recordedHello(blocks.facts, first);
    expect(hello).toMatchObject({ role: 'viewer', url: 'http://10.0.0.1:7420', chunkBytes: 1, window: 8 });
    const instant = startAt + 5000;
    const client = recordingClient({ hello, state, instant: () => instant, frame: () => first });
    expect(await client.hello()).toEqual(hello);
    expect(await client.live.frame({ cursor: -1 })).toEqual(first);
    expect((await client.downloads.list()).downloads).toHaveLength(1);
    expect((await client.downloads.detail({ id: 7, version: -1 })).version).toBe(5);
    await expect(client.downloads.detail({ id: 8, version: -1 })).rejects.toThrow('tells nothing of this');
    await expect(client.requests.detail({ seq: 0 })).rejects.toThrow('A recording has the rows of requests');
    expect((await client.requests.page({ limit: 3 })).requests).toHaveLength(3);
    expect((await client.alerts.list()).alerts).toEqual([]);
    await expect(client.live.disconnect({ lane: 1 })).rejects.toThrow('nothing can be changed in it');
    await expect(client.cache.list()).rejects.toThrow('A recording is shown');
    await expect(client.recordings.save({})).rejects.toThrow('(recordings.save)');
  });
});

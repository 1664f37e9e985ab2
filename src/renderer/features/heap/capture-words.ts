/** What the capture panel says: what each kind brings and costs, how far one is. */
import type { Capture, SnapshotCost } from '#shared/contract/profiles.ts';
import { formatBytes, formatDuration } from '#shared/units.ts';
import { type CaptureKind, captureSeconds } from '#shared/vocabulary/profiles.ts';

export const kindTitles: Readonly<Record<CaptureKind, string>> = {
  heap: 'Heap sampling',
  cpu: 'CPU',
  snapshot: 'Heap snapshot',
};

/** What is being done while it is taken. */
export const takingTitles: Readonly<Record<CaptureKind, string>> = {
  heap: 'Sampling the heap',
  cpu: 'Sampling the CPU',
  snapshot: 'Taking a heap snapshot',
};

/** What it does to the server, before it is begun. */
export function costWords(kind: CaptureKind, seconds: number, intervalBytes: number): string {
  const span = formatDuration(seconds * 1000);
  if (kind === 'heap')
    return `What is allocated in ${span} and stays: one allocation in each ${formatBytes(intervalBytes)} is looked at. The server goes on; a larger interval costs less.`;
  if (kind === 'cpu')
    return `What runs in ${span}, looked at each millisecond. The server goes on; it costs a few per cent of a processor.`;
  return 'Every object of V8’s heap. The server stops meanwhile: you are told for how long before it does.';
}

/** Seconds as somebody types them; `undefined` when that is none of those allowed. */
export function parseSeconds(text: string): number | undefined {
  const seconds = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return seconds >= captureSeconds.least && seconds <= captureSeconds.most ? seconds : undefined;
}

export interface CaptureProgress {
  /** From 0 to 1; `undefined` when nobody knows. */
  readonly share: number | undefined;
  readonly words: string;
}

/** How far a capture is. `at`: the server's clock. */
export function progressOf({ kind, startedAt, endsAt }: Capture, at: number): CaptureProgress {
  const forMs = Math.max(0, at - startedAt);
  if (kind === 'snapshot' || endsAt === undefined)
    return { share: undefined, words: `${formatDuration(forMs)}; the server answers when it is done` };
  const wholeMs = Math.max(1, endsAt - startedAt);
  const leftMs = Math.max(0, endsAt - at);
  return {
    share: Math.min(1, forMs / wholeMs),
    words: leftMs > 0 ? `${formatDuration(Math.ceil(leftMs / 1000) * 1000)} left` : 'writing the file',
  };
}

/** What a heap snapshot costs, as sentences: the last says whether there is room for it. */
export function snapshotWords({
  heapBytes,
  stopsMs,
  memoryBytes,
  availableBytes,
  fileBytes,
  fits,
}: SnapshotCost): readonly string[] {
  return [
    `It stops the server for about ${formatDuration(stopsMs)}: every transfer stands still, and no request is answered.`,
    `It needs about ${formatBytes(memoryBytes)} of memory meanwhile, for ${formatBytes(heapBytes)} of heap, and makes a file of about ${formatBytes(fileBytes)}.`,
    fits
      ? `${formatBytes(availableBytes)} are available.`
      : `Only ${formatBytes(availableBytes)} are available: it does not fit. Sample the heap instead.`,
  ];
}

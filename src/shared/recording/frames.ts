/** Frames and requests out of a block's text, quickly: what is played back is thousands of them. */
import { frameSchema, type Frame } from '#shared/model.ts';
import { requestSchema, type RequestRow } from '#shared/request-model.ts';
import { jsonOf } from './records.ts';
import { shapeOf } from './shape.ts';

/** As `recordLine` begins the line of a record of this kind. */
const startOf = (kind: string): string => `{"kind":"${kind}",`;

const isFrame = shapeOf(frameSchema);
const isRow = shapeOf(requestSchema);

/** The lines of a block with records of one kind, in order. */
export function linesOf(text: string, kind: string): readonly string[] {
  const start = startOf(kind);
  return text.split('\n').filter((line) => line.startsWith(start));
}

/** The frames of a block, in order, and how many are none. */
export function framesOf(text: string): { readonly frames: readonly Frame[]; readonly unreadable: number } {
  const lines = linesOf(text, 'frame');
  const frames: Frame[] = [];
  for (const line of lines) {
    const { frame } = Object(jsonOf(line)) as { readonly frame?: unknown };
    if (isFrame(frame)) frames.push(frame as Frame);
  }
  // A clock that was set back while it was recorded does not turn time around.
  return { frames: frames.toSorted((a, b) => a.at - b.at), unreadable: lines.length - frames.length };
}

/** Rows of requests that ended in a block, the newest first: without looking at the rest of its frames. */
export function requestsOf(text: string): readonly RequestRow[] {
  const rows: RequestRow[] = [];
  for (const line of linesOf(text, 'frame')) {
    const start = line.lastIndexOf('"requests":[');
    const end = line.lastIndexOf('],"cursor":');
    if (start < 0 || end - start <= '"requests":['.length) continue;
    const found = jsonOf(line.slice(start + '"requests":'.length, end + 1));
    if (Array.isArray(found)) rows.push(...(found.filter(isRow) as RequestRow[]));
  }
  return rows.toReversed();
}

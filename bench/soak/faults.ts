/** One answer of the bucket in a hundred goes wrong, in one of the ways in which answers do. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const share = 0.01;
/** Until each kind has been met: a busy machine gives few answers in a short run. */
const shareAtFirst = 0.1;
const silentMs = 15_000;

/** Before an answer: late, 503, the connection reset. Within its body: the connection closed, or nothing more. */
const kinds = ['late', 'busy', 'reset', 'cut', 'silent'] as const;
export type FaultKind = (typeof kinds)[number];
export type FaultCounts = Readonly<Record<FaultKind, number>>;

const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;

/** How many there were so far. */
export function faultCounts(): FaultCounts {
  return { ...counts };
}

/** The kinds take turns, so that a short run meets them all. `head`: an answer without a long body that could break off. */
const turns = { body: kinds, head: kinds.slice(0, 3) } as const;
const taken = { body: 0, head: 0 };

/** What goes wrong with this answer, if anything does. */
export function drawFault(answer: keyof typeof turns): FaultKind | undefined {
  if (Math.random() >= (taken[answer] < turns[answer].length ? shareAtFirst : share)) return undefined;
  const kind = turns[answer][taken[answer] % turns[answer].length];
  taken[answer] += 1;
  if (kind) counts[kind] += 1;
  return kind;
}

/** What happens before the answer. False: there will be none. */
export async function beforeAnswer(fault: FaultKind | undefined, response: ServerResponse): Promise<boolean> {
  if (fault === 'late') await sleep(500 + Math.random() * 2000);
  else if (fault === 'busy')
    response
      .writeHead(503, { 'content-type': 'application/xml' })
      .end('<Error><Code>SlowDown</Code></Error>');
  else if (fault === 'reset') response.socket?.resetAndDestroy();
  return fault !== 'busy' && fault !== 'reset' && !response.destroyed;
}

/** What happens instead of the rest of a body. */
export async function insteadOfRest(fault: 'cut' | 'silent', response: ServerResponse): Promise<void> {
  if (fault === 'silent') {
    const heard = new AbortController();
    response.once('close', () => heard.abort());
    await sleep(silentMs, undefined, { signal: heard.signal }).catch(() => undefined);
  }
  response.socket?.destroy();
}

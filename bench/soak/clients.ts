/**
 * The clients of the soak: fast ones, slow ones, and some that stop reading. Each asks, reads at its pace, checks
 * every byte, loses its patience some day or is content, and asks again.
 */
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { KiB, MiB } from '#shared/units.ts';
import { BodyCheck } from './body-check.ts';
import { parseName } from './content.ts';
import type { Objects } from './objects.ts';
import type { Tally } from './tally.ts';
import { drawWanted, expectedAnswer, type Wanted } from './wanted.ts';

const tempers = [
  { share: 0.2, bytesPerSecond: Number.POSITIVE_INFINITY },
  { share: 0.6, bytesPerSecond: MiB },
  { share: 0.15, bytesPerSecond: 50 * KiB },
  { share: 0.05, bytesPerSecond: 0 },
] as const;

/** On average; nobody reads 2 GiB at 50 KiB/s to the end of a soak. */
const patienceMs = 8000;
/** What a refused client waits, as `Retry-After` says. */
const refusedMs = 1000;

export interface World {
  readonly url: string;
  readonly objects: Objects;
  readonly tally: Tally;
  /** When the soak is over. */
  readonly signal: AbortSignal;
}

/** Runs `count` clients until the signal. */
export async function runClients(world: World, count: number): Promise<void> {
  const running = tempers.flatMap(({ share, bytesPerSecond }) =>
    Array.from({ length: Math.round(share * count) }, async () => {
      while (!world.signal.aborted) await askOnce(world, bytesPerSecond);
    }),
  );
  await Promise.all(running);
}

async function askOnce(world: World, bytesPerSecond: number): Promise<void> {
  const patience = -Math.log(1 - Math.random()) * patienceMs;
  const leaving = AbortSignal.any([world.signal, AbortSignal.timeout(Math.ceil(patience))]);
  const wanted = drawWanted(world.objects.popular());
  try {
    await read(world, wanted, bytesPerSecond, leaving);
  } catch (error) {
    if (leaving.aborted) world.tally.left += 1;
    else world.tally.faults.push(`o${wanted.object}, ${wanted.kind}: ${String(error)}`);
  }
  // Fast clients would otherwise measure only how fast the machine is.
  await pause(50 * Math.random(), world.signal);
}

/** Asks, and reads what comes; gives the name of the revision. @throws when the client leaves, or is broken off without cause */
export async function read(
  world: World,
  wanted: Wanted,
  bytesPerSecond: number,
  leaving: AbortSignal,
): Promise<string | undefined> {
  const { tally } = world;
  const response = await open(`${world.url}/api/v1/object/soak/o${wanted.object}`, wanted.field, leaving);
  if (response.statusCode === 503) {
    tally.refused += 1;
    response.destroy();
    await pause(refusedMs, leaving);
    return undefined;
  }
  const name = String(response.headers.etag).replaceAll('"', '');
  const fault = faultOf(response, wanted, name);
  if (fault !== undefined) {
    tally.faults.push(`o${wanted.object}, ${wanted.kind}: ${fault}`);
    response.destroy();
    return undefined;
  }
  tally.answers[wanted.kind] += 1;
  const check = new BodyCheck(name, expectedAnswer(wanted, name, response.headers).segments);
  try {
    await readBody(response, check, { bytesPerSecond, leaving, tally });
  } catch (error) {
    // A replaced revision ends in a broken connection, never in other bytes.
    if (leaving.aborted || world.objects.isCurrent(name)) throw error;
    tally.brokenOff += 1;
  }
  return name;
}

function open(url: string, range: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = range === undefined ? {} : { range };
  return new Promise((resolve, reject) => {
    get(url, { agent: false, headers, signal }, resolve).on('error', reject);
  });
}

/** What is wrong with the head of an answer. */
function faultOf(response: IncomingMessage, wanted: Wanted, name: string): string | undefined {
  const { statusCode, headers } = response;
  if (statusCode !== 200 && statusCode !== 206) return `status ${statusCode}`;
  if (parseName(name).object !== wanted.object) return `ETag ${name}`;
  const expected = expectedAnswer(wanted, name, headers);
  const got = `status ${statusCode}, Content-Length ${headers['content-length']}, Content-Range ${headers['content-range']}`;
  const right = `status ${expected.status}, Content-Length ${expected.contentLength}, Content-Range ${expected.contentRange}`;
  return got === right ? undefined : `${got} instead of ${right}`;
}

interface Reading {
  readonly bytesPerSecond: number;
  readonly leaving: AbortSignal;
  readonly tally: Tally;
}

async function readBody(response: IncomingMessage, check: BodyCheck, reading: Reading): Promise<void> {
  const { bytesPerSecond, leaving, tally } = reading;
  const startedAt = performance.now();
  let bytes = 0;
  for await (const data of response) {
    const piece = data as Buffer;
    const wrong = check.take(piece);
    if (wrong !== undefined) {
      tally.wrong.push(wrong);
      return;
    }
    bytes += piece.length;
    tally.bytes += piece.length;
    const aheadMs = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
    if (aheadMs > 5) await pause(aheadMs, leaving);
    leaving.throwIfAborted();
  }
  if (!check.isComplete) throw new Error(`a clean end after ${bytes} bytes`);
}

/** As long as that, or until the signal. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const forEver = 2 ** 31 - 1;
  await sleep(Math.min(milliseconds, forEver), undefined, { signal }).catch(() => undefined);
}

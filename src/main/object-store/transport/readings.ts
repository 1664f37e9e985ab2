/** For tests: reading the bytes of an answer with node:http, and with our reader on every split of them. */
import assert, { AssertionError } from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { AnswerReader } from './answer-reader.ts';
import type { Answer } from './answer-reader.ts';
import { scratchBytes } from './scratch.ts';
import type { ScriptedServer } from './scripted-server.ts';

/** What a reader makes of an answer; `undefined`: it refuses it, or finds it broken off. */
interface Outcome {
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** As node:http reads it, over a real connection that ends after the answer. */
export async function readByNode(server: ScriptedServer, bytes: Buffer): Promise<Outcome | undefined> {
  server.script = (socket) => socket.end(bytes);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ port: server.port, host: '127.0.0.1', agent: false }, resolve).on('error', reject).end();
    });
    const body = Buffer.concat(await answer.toArray()).toString('latin1');
    const { statusCode: status, statusMessage: reason, headers } = answer;
    return { status, reason, headers, body };
  } catch {
    return undefined;
  }
}

export interface Reading {
  /** Where the bytes are cut. */
  readonly cuts: readonly number[];
  /** `records`: bytes also come while paused, as with TLS, and the kernel writes nowhere. */
  readonly line: 'tcp' | 'records';
  /** Into memory where that can be, or as a stream. */
  readonly by: 'memory' | 'stream';
}

/** As our reader reads it, with no socket. */
export async function readByUs(bytes: Buffer, { cuts, line, by }: Reading): Promise<Outcome | undefined> {
  const state = { paused: false, over: false };
  const outcomes: Promise<Outcome | undefined>[] = [];
  const source = {
    lands: line === 'tcp',
    pause: () => void (state.paused = line === 'tcp'),
    resume: () => void (state.paused = false),
    cut: () => void (state.over = true),
    finished: () => void (state.over = true),
  };
  const reader = new AnswerReader('GET', scratchAt, source, (answer) =>
    outcomes.push(take(answer, by).catch(refusal)),
  );
  const edges = [...cuts.toSorted((a, b) => a - b), bytes.length];
  try {
    let buffer = reader.buffer();
    for (let at = 0; at < bytes.length && !state.over;) {
      while (state.paused && !state.over) await turn();
      const count = bytes.copy(
        buffer,
        0,
        at,
        edges.find((edge) => edge > at),
      );
      reader.received(count, buffer);
      buffer = reader.buffer();
      at += count;
    }
    reader.connectionEnded(undefined);
  } catch (error) {
    reader.fail(error instanceof Error ? error : new Error(String(error)));
  }
  return outcomes[0];
}

const scratches: Buffer[] = [];
const scratchAt = (index: number) => (scratches[index] ??= Buffer.alloc(scratchBytes));

async function take({ head, body }: Answer, by: 'memory' | 'stream'): Promise<Outcome> {
  const { status, reason, headers } = head;
  // Spoiled lengths may be as long as they like; they break off.
  if (by === 'stream' || body.memoryBytes === undefined || body.memoryBytes > 1_000_000) {
    const text = Buffer.concat(await body.toArray()).toString('latin1');
    return { status, reason, headers, body: text };
  }
  const around = Buffer.alloc(body.memoryBytes + 64, 7);
  const into = around.subarray(32, -32);
  await turn();
  await body
    .readInto(into, () => undefined)
    .finally(() => {
      for (const untouched of [around.subarray(0, 32), around.subarray(-32)])
        assert(untouched.every((byte) => byte === 7));
    });
  return { status, reason, headers, body: into.toString('latin1') };
}

/** A refusal is an outcome; a write beside the memory is not. */
function refusal(error: unknown): undefined {
  if (error instanceof AssertionError) throw error;
}

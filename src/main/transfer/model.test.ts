/**
 * The engine against a model that is small enough to be believed: which chunk each client is at, who may still come to
 * an end, and how much memory there is. After each command the two agree on what must agree, and from every state that
 * is reached, everybody who reads comes to an end once the store answers.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { World, type Client } from '#main/testing/simulation.ts';
import { KiB } from '#shared/units.ts';

const chunkBytes = 128 * KiB;
const chunks = 4;
const length = chunks * chunkBytes - 5;

interface Reading {
  readonly client: Client;
  readonly from: number;
  blocked: boolean;
  left: boolean;
}

/** What must be true of the real world, whatever it does inside. */
class Model {
  readonly readings: Reading[] = [];
  storeAnswers = true;
  storeFails = false;
  everFailed = false;
}

class Real {
  readonly world: World;
  readonly model: Model;

  constructor(slabs: number, model: Model) {
    this.model = model;
    this.world = new World({ slabs, pinLimit: Math.max(1, Math.floor(slabs / 2)), windowLimit: 3 });
    this.world.fetching.script = () => ({
      waitMs: model.storeAnswers ? 4 : 300,
      pieceBytes: 32 * KiB,
      pieceMs: 2,
      lingersMs: 0,
      ...(model.storeFails && { failsAfter: 40 * KiB }),
    });
  }
}

type Command = fc.AsyncCommand<Model, Real>;

/** What both know. */
function compare({ readings, everFailed }: Model, { world }: Real): void {
  world.check();
  const pinned = [...world.pool.residents()].filter(({ pins }) => pins > 0).length;
  expect(pinned).toBeLessThanOrEqual(world.pool.pins.chunks.limit);
  for (const { client, from } of readings) expect(client.socket.sent).toBeLessThanOrEqual(length - from);
  const failed = readings.filter(({ client }) => client.outcome === 'failed');
  expect(failed.filter(({ left }) => !left && !everFailed)).toEqual([]);
  // With its socket, a client has one slab or its own small buffer, and at most both.
  for (const { client } of readings)
    expect(new Set([...client.socket.memory()].map(({ buffer }) => buffer)).size).toBeLessThanOrEqual(2);
}

class Open implements Command {
  readonly object: number;
  readonly from: number;

  constructor(object: number, from: number) {
    this.object = object;
    this.from = from;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const reading: { blocked: boolean } = { blocked: false };
    const client = real.world.open({
      object: { key: `object-${this.object}`, pin: '1', length },
      range: { start: this.from, end: length },
      // A blocked client looks again every now and then, as a person would who has paused a download.
      drain: { ms: (_offset, bytes) => (reading.blocked ? 1500 : bytes / 40_000), lagMs: 2 },
    });
    model.readings.push(Object.assign(reading, { client, from: this.from, left: false }));
    compare(model, real);
  }

  toString(): string {
    return `open(${this.object}, ${this.from})`;
  }
}

class Change implements Command {
  readonly what: 'block' | 'unblock' | 'leave';
  readonly which: number;

  constructor(what: 'block' | 'unblock' | 'leave', which: number) {
    this.what = what;
    this.which = which;
  }

  check({ readings }: Readonly<Model>): boolean {
    return readings.length > 0;
  }

  async run(model: Model, real: Real): Promise<void> {
    const reading = model.readings[this.which % model.readings.length];
    if (reading && this.what === 'leave' && !reading.client.isOver) {
      reading.client.leave();
      reading.left = true;
    }
    if (reading) reading.blocked = this.what === 'block';
    compare(model, real);
  }

  toString(): string {
    return `${this.what}(${this.which})`;
  }
}

class Store implements Command {
  readonly answers: boolean;
  readonly fails: boolean;

  constructor(answers: boolean, fails: boolean) {
    this.answers = answers;
    this.fails = fails;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model): Promise<void> {
    model.storeAnswers = this.answers;
    model.storeFails = this.fails;
    model.everFailed ||= this.fails;
  }

  toString(): string {
    return `store(${this.answers ? 'answers' : 'is slow'}${this.fails ? ', fails' : ''})`;
  }
}

class Pass implements Command {
  readonly events: number;

  constructor(events: number) {
    this.events = events;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    for (let count = 0; count < this.events; count += 1) await real.world.step();
    compare(model, real);
  }

  toString(): string {
    return `pass(${this.events})`;
  }
}

it('agrees with its model, and from every state everybody comes to an end', async () => {
  const commands = fc.commands(
    [
      fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: length - 1 })).map((args) => new Open(...args)),
      fc
        .tuple(fc.constantFrom('block', 'unblock', 'leave'), fc.nat({ max: 20 }))
        .map(([what, which]) => new Change(what, which)),
      fc.tuple(fc.boolean(), fc.constantFrom(false, false, true)).map((args) => new Store(...args)),
      fc.integer({ min: 1, max: 60 }).map((events) => new Pass(events)),
      fc.integer({ min: 1, max: 60 }).map((events) => new Pass(events)),
    ],
    { maxCommands: 40 },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 5 }), commands, async (slabs, list) => {
      const model = new Model();
      const real = new Real(slabs, model);
      await fc.asyncModelRun(() => ({ model, real }), list);
      model.storeAnswers = true;
      model.storeFails = false;
      for (const reading of model.readings) reading.blocked = false;
      await real.world.end();
      compare(model, real);
      const stayed = model.readings.filter(({ left }) => !left && !model.everFailed);
      expect(stayed.filter(({ client }) => client.outcome !== 'done')).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

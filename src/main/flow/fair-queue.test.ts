import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const member = (client: string, number: number) => ({ client, number });

describe('the fair queue', () => {
  it('serves clients in turn, and each in the order of asking', () => {
    const queue = new FairQueue<ReturnType<typeof member>>();
    for (const waiting of [
      member('a', 1),
      member('a', 2),
      member('a', 3),
      member('b', 4),
      member('c', 5),
      member('b', 6),
    ])
      queue.add(waiting);
    const order: number[] = [];
    for (let next = queue.first(); next; next = queue.first()) {
      order.push(next.number);
      queue.served(next);
    }
    expect(order).toEqual([1, 4, 5, 2, 6, 3]);
    expect(queue.size).toBe(0);
  });

  it('Between clients that always wait, nobody is ever more than one turn ahead.', () => {
    const clients = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(clients, fc.integer({ min: 1, max: 200 }), (connections, turns) => {
        const queue = new FairQueue<ReturnType<typeof member>>();
        const served = connections.map(() => 0);
        connections.forEach((count, client) => {
          for (let number = 0; number < count + 1; number += 1) queue.add(member(String(client), number));
        });
        for (let turn = 0; turn < turns; turn += 1) {
          const next = queue.first();
          if (!next) break;
          queue.served(next);
          queue.add(member(next.client, next.number));
          served[Number(next.client)] = (served[Number(next.client)] ?? 0) + 1;
        }
        expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('counts its members, whatever is added, taken out and served', () => {
    const move = fc.tuple(fc.constantFrom('add', 'delete', 'served'), fc.nat({ max: 11 }));
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        const all = Array.from({ length: 12 }, (_, number) => member(String(number % 3), number));
        const queue = new FairQueue<ReturnType<typeof member>>();
        const inside = new Set<number>();
        for (const [what, number] of moves) {
          const one = all[number];
          if (!one) continue;
          queue[what](one);
          if (what === 'add') inside.add(number);
          else inside.delete(number);
          expect([queue.size, queue.has(one)]).toEqual([inside.size, inside.has(number)]);
          expect(new Set([...queue].map((each) => each.number))).toEqual(inside);
          expect(queue.first() === undefined).toBe(inside.size === 0);
        }
      }),
    );
  });
});

/** What must be true of the budget at every instant, and when nothing is going on. */
import { expect } from 'vitest';
import type { Budget } from '#main/flow/budget.ts';
import type { Engine } from '#main/transfer/engine.ts';

/** The ledger is within the budget and adds up. */
export function expectWithinBudget(budget: Budget): void {
  const { ledger } = budget;
  const sum = Object.values(ledger.byState).reduce((total, bytes) => total + bytes, 0);
  const entered = [...ledger.entries()].reduce((total, entry) => total + entry.bytes, 0);
  expect(ledger.totalBytes).toBeLessThanOrEqual(budget.plan.budgetBytes);
  expect(sum).toBe(ledger.totalBytes);
  expect(entered).toBe(ledger.totalBytes);
}

/** No transfer holds or waits for anything; what nobody wants may be kept, and connections may rest. */
export function expectQuiet({ budget, pool, transfers }: Engine): void {
  expectWithinBudget(budget);
  const { spare, cached, connection, ...inUse } = budget.ledger.byState;
  expect(spare + cached + connection).toBe(budget.ledger.totalBytes);
  expect(Object.values(inUse).every((bytes) => bytes === 0)).toBe(true);
  expect([pool.pins.chunks.taken, pool.pins.small.taken]).toEqual([0, 0]);
  expect(transfers.size + transfers.waiting('chunks') + transfers.waiting('small')).toBe(0);
}

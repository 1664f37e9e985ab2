/** What must be true of the budget at every instant, and when nothing is going on. */
import { expect } from 'vitest';
import type { Budget } from '#main/flow/budget.ts';

/** The ledger is within the budget and adds up. */
export function expectWithinBudget(budget: Budget): void {
  const { ledger } = budget;
  const sum = Object.values(ledger.byState).reduce((total, bytes) => total + bytes, 0);
  const entered = [...ledger.entries()].reduce((total, entry) => total + entry.bytes, 0);
  expect(ledger.totalBytes).toBeLessThanOrEqual(budget.plan.budgetBytes);
  expect(sum).toBe(ledger.totalBytes);
  expect(entered).toBe(ledger.totalBytes);
}

/** No transfer holds or waits for anything; caches may. */
export function expectQuiet(budget: Budget): void {
  expectWithinBudget(budget);
  const { spare, cached, ...inUse } = budget.ledger.byState;
  expect(spare + cached).toBe(budget.ledger.totalBytes);
  expect(Object.values(inUse).every((bytes) => bytes === 0)).toBe(true);
  expect(budget.waiting).toBe(0);
  expect(budget.transfers).toBe(0);
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { ReadTurns } from './read-turns.ts';

describe('reading a socket in turns', () => {
  let isRead: boolean;
  let turns: ReadTurns;
  beforeEach(() => {
    isRead = true;
    turns = new ReadTurns({
      pause: () => (isRead = false) as never,
      resume: () => (isRead = true) as never,
    });
  });
  afterEach(() => nextTurn());

  it('stops after a mebibyte, until the next turn of the event loop', async () => {
    turns.took(MiB - 1);
    expect(isRead).toBe(true);
    turns.took(1);
    expect(isRead).toBe(false);
    await nextTurn();
    expect(isRead).toBe(true);
    turns.took(MiB);
    expect(isRead).toBe(false);
  });

  it('does not go on while nobody wants more', async () => {
    turns.took(MiB);
    turns.pause();
    await nextTurn();
    expect(isRead).toBe(false);
    turns.resume();
    expect(isRead).toBe(true);
  });

  it('leaves the others their turn when its reader comes back at once', async () => {
    turns.took(MiB);
    turns.pause();
    turns.resume();
    expect(isRead).toBe(false);
    await nextTurn();
    expect(isRead).toBe(true);
  });
});

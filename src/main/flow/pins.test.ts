import { expect, it } from 'vitest';
import { Pins } from './pins.ts';

it('gives as many pins as there are, and says when they run out', () => {
  const pins = new Pins(4);
  const seen = [1, 2, 3, 4, 5].map(() => [pins.tryTake(), pins.scarce, pins.taken]);
  expect(seen).toEqual([
    [true, false, 1],
    [true, false, 2],
    [true, true, 3],
    [true, true, 4],
    [false, true, 4],
  ]);
  pins.giveBack();
  expect([pins.taken, pins.tryTake()]).toEqual([3, true]);
});

it('notices a pin that is given back twice', () => {
  expect(() => new Pins(2).giveBack()).toThrow('given back twice');
});

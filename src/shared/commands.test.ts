import { describe, expect, it } from 'vitest';
import { type Command, commands } from './commands.ts';

const all: readonly Command[] = commands;

describe('commands', () => {
  it('have names of their own', () => {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('share no key, and no key begins the sequence of another', () => {
    const keys = all.flatMap(({ name, keys: own }) => own.map((key) => ({ name, key })));
    const conflicts = keys.filter(({ name, key }) =>
      keys.some((other) => other.name !== name && (other.key === key || other.key.startsWith(`${key} `))),
    );
    expect(conflicts).toEqual([]);
  });
});

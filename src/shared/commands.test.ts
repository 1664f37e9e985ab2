import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { type Command, type CommandName, commands, conflictOf, keysOf } from './commands.ts';

const all: readonly Command[] = commands;

describe('commands', () => {
  it('have names of their own', () => {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('share no key, and no key begins the sequence of another', () => {
    const conflicts = all.flatMap(({ name, keys }) =>
      keys.map((key) => conflictOf(name as CommandName, key, {})).filter((other) => other !== undefined),
    );
    expect(conflicts).toEqual([]);
  });

  it('may get other keys, as long as none is taken', () => {
    const some = fc.constantFrom(...commands.map(({ name }) => name));
    const key = fc.constantFrom('a', 'b', 'g', 'g l', 'g l x', 't', '$mod+k', 'Shift+T');
    fc.assert(
      fc.property(fc.array(fc.tuple(some, key), { maxLength: 20 }), (wishes) => {
        const changes: Partial<Record<CommandName, string[]>> = {};
        for (const [name, wish] of wishes) {
          if (!conflictOf(name, wish, changes)) changes[name] = [wish];
        }
        const keys = commands.flatMap(({ name }) => keysOf(name, changes));
        const clashes = keys.filter((one, index) =>
          keys.some((other, at) => at !== index && (other === one || other.startsWith(`${one} `))),
        );
        expect(clashes).toEqual([]);
      }),
    );
  });
});

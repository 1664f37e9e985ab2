import { expect, it } from 'vitest';
import { Arena } from '#main/flow/arena.ts';
import { Ledger } from '#main/flow/ledger.ts';
import { blockBytes, chunkAt } from './chunk.ts';
import { MemoryTier } from './memory-tier.ts';
import { contractChunkBytes, describeCacheTier } from './tier.contract.ts';

function arenas(chunks: number, pieces: number) {
  const ledger = new Ledger(chunks * contractChunkBytes + pieces * blockBytes);
  return {
    ledger,
    chunks: new Arena({ slabBytes: contractChunkBytes, slabs: chunks }, ledger),
    pieces: new Arena({ slabBytes: blockBytes, slabs: pieces }, ledger),
  };
}

describeCacheTier('memory', async () => new MemoryTier(arenas(6, 4)));

it('the memory tier takes its memory from its share of the budget and gives all of it back', async () => {
  const { ledger, ...share } = arenas(1, 1);
  const tier = new MemoryTier(share);
  const small = chunkAt({ key: 'small', pin: 'p', length: 10 }, 0, contractChunkBytes);
  await tier.fill(small, new Uint8Array(10));
  expect(ledger.byState.cached).toBe(blockBytes);
  await tier[Symbol.asyncDispose]();
  expect(ledger.byState.cached).toBe(0);
});

it('a memory tier without memory skips and says so', async () => {
  const { ledger, ...share } = arenas(0, 0);
  const tier = new MemoryTier(share);
  await tier.fill(chunkAt({ key: 'a', pin: 'p', length: 10 }, 0, contractChunkBytes), new Uint8Array(10));
  expect(tier.stats()).toMatchObject({ chunks: 0, fillsSkipped: 1 });
  expect(ledger.totalBytes).toBe(0);
});

import { describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { severalClients, type LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { KiB, MiB } from '#shared/units.ts';
import { ledgerOwners } from './ledger-owners.ts';

const sum = (owners: readonly LedgerOwner[]): number => owners.reduce((total, { bytes }) => total + bytes, 0);

describe('the ledger by owner', () => {
  it('sums up to the ledger, in all and for each state, however many owners are told apart', async () => {
    await using server = await startTestServer();
    const path = await server.put('large', Buffer.alloc(4 * MiB, 'a'));
    await server.put('other', Buffer.alloc(MiB, 'b'));
    // Somebody who takes nothing after the head.
    using slow = await server.connect();
    slow.request(`GET ${path}`);
    await slow.head();
    await (await server.get('/api/v1/object/test/other')).arrayBuffer();
    const { ledger } = server.engine.budget;
    for (const limit of [500, 2, 0]) {
      const owners = ledgerOwners(server.engine, (key) => `named ${key}`, limit);
      expect(owners.length).toBeLessThanOrEqual(limit + 1);
      expect(sum(owners)).toBe(ledger.totalBytes);
      expect(owners.reduce((total, { count }) => total + count, 0)).toBe([...ledger.entries()].length);
    }
    const owners = ledgerOwners(server.engine);
    for (const [state, bytes] of Object.entries(ledger.byState))
      expect(sum(owners.filter((owner) => owner.state === state))).toBe(bytes);
  });

  it('says whose reading keeps a chunk, of which object, and from where', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const path = await server.put('large', Buffer.alloc(32 * MiB, 'a'));
    using slow = await server.connect();
    slow.request(`GET ${path}`);
    await slow.head();
    const held = (): LedgerOwner | undefined =>
      ledgerOwners(server.engine).find(({ purpose, tier }) => purpose === 'transfer' && tier === 'store');
    await expect.poll(held).toMatchObject({ client: '127.0.0.1', object: 'test/large' });
    await expect.poll(() => held()?.bytes ?? 0).toBeGreaterThanOrEqual(256 * KiB);
    expect(ledgerOwners(server.engine).some(({ client }) => client === severalClients)).toBe(false);
  });
});

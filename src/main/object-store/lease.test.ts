import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLeaseRegister } from './file-lease.ts';
import { takeLease, type LeaseRegister } from './lease.ts';
import { never, newKey } from './object-store.fixture.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-lease-'));
  mkdirSync(join(root, 'incoming'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A register as a bucket is one. */
class MemoryRegister implements LeaseRegister {
  text: string | undefined;
  version = 0;
  writes = 0;

  async read() {
    return this.text === undefined ? undefined : { text: this.text, pin: String(this.version) };
  }

  async write(text: string, over: string | undefined) {
    this.writes += 1;
    const now = this.text === undefined ? undefined : String(this.version);
    if (over !== now) return undefined;
    this.text = text;
    this.version += 1;

    return String(this.version);
  }

  async remove() {
    this.text = undefined;
  }
}

const day = { ttlMs: 86_400_000, now: Date.now };

describe.each([
  ['a bucket', (): LeaseRegister => new MemoryRegister()],
  ['a folder', (): LeaseRegister => new FileLeaseRegister(root, newKey())],
] as const)('a lease in %s', (_, open) => {
  it('is had by one at a time, and by the next when it is given back', async () => {
    const register = open();
    const lease = await takeLease(register, day, never);
    expect(lease).toBeDefined();
    expect(await takeLease(register, day, never)).toBeUndefined();
    await lease?.[Symbol.asyncDispose]();
    await using next = await takeLease(register, day, never);
    expect(next).toBeDefined();
  });

  it('is had by exactly one of those who ask together', async () => {
    const register = open();
    const asked = await Promise.all(Array.from({ length: 10 }, () => takeLease(register, day, never)));
    expect(asked.filter(Boolean)).toHaveLength(1);
    for (const lease of asked) await lease?.[Symbol.asyncDispose]();
  });

  it('that has run out is had by exactly one of those who ask together', async () => {
    const register = open();
    // Its holder has died: nobody renews it.
    await register.write(JSON.stringify({ holder: 'dead', expiresAt: 1000 }), undefined, never);
    expect(await takeLease(register, { ttlMs: 1000, now: () => 999 }, never)).toBeUndefined();
    const asked = await Promise.all(Array.from({ length: 10 }, () => takeLease(register, day, never)));
    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(await takeLease(register, day, never)).toBeUndefined();
    for (const lease of asked) await lease?.[Symbol.asyncDispose]();
  });

  it('is had although its record is damaged', async () => {
    const register = open();
    await register.write('{', undefined, never);
    await using lease = await takeLease(register, day, never);
    expect(lease).toBeDefined();
  });

  it('is renewed for as long as it is kept', async () => {
    const register = open();
    await using lease = await takeLease(register, { ttlMs: 40, now: Date.now }, never);
    expect(lease).toBeDefined();
    const first = (await register.read(never))?.pin;
    await expect
      .poll(async () => Number((await register.read(never))?.pin))
      .toBeGreaterThan(Number(first) + 5);
  });
});

describe('a lease', () => {
  it('is not given back by one who has lost it', async () => {
    const register = new MemoryRegister();
    let now = 0;
    const lease = await takeLease(register, { ttlMs: 1000, now: () => now }, never);
    now = 2000;
    const another = await takeLease(register, { ttlMs: 1000, now: () => now }, never);
    expect(another).toBeDefined();
    await lease?.[Symbol.asyncDispose]();
    expect(register.text).toBeDefined();
    await another?.[Symbol.asyncDispose]();
    expect(register.text).toBeUndefined();
  });

  it('is had by one whose write was repeated because its answer was lost', async () => {
    const register = new MemoryRegister();
    const write = register.write.bind(register);
    register.write = async (text, over) => {
      await write(text, over);
      return write(text, over);
    };
    await using lease = await takeLease(register, day, never);
    expect(lease).toBeDefined();
  });

  it('is given back for good in the middle of its renewal', async () => {
    const register = new MemoryRegister();
    const write = register.write.bind(register);
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    let isHeld = false;
    let renewing = 0;
    register.write = async (text, over) => {
      if (isHeld) renewing += 1;
      if (isHeld) await gate;
      return write(text, over);
    };
    // By this clock it never runs out, however long the machine is busy.
    const lease = await takeLease(register, { ttlMs: 400, now: () => 0 }, never);
    isHeld = true;
    await expect.poll(() => renewing).toBe(1);
    const givingBack = lease?.[Symbol.asyncDispose]();
    letGo();
    await givingBack;
    expect([register.text, register.version]).toEqual([undefined, 2]);
  });

  it('in a folder leaves nothing when it is given back', async () => {
    const register = new FileLeaseRegister(root, newKey());
    {
      // By this clock it never runs out, however long the machine is busy.
      await using _lease = await takeLease(register, { ttlMs: 400, now: () => 0 }, never);
      await expect.poll(async () => Number((await register.read())?.pin)).toBeGreaterThan(3);
    }
    expect(readdirSync(join(root, 'leases'))).toEqual([]);
    expect(readdirSync(join(root, 'incoming'))).toEqual([]);
  });
});

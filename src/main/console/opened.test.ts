import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { maxOpenedPieceBytes } from '#shared/contract/opened.ts';
import { ShownFile } from './opened-file.ts';
import { openedProcedures } from './procedures/opened.ts';

describe('the file that a server was started to show', () => {
  it('is read in pieces under its own name only, by operators, and by viewers where there is nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-opened-'));
    const path = join(folder, 'a file.txt');
    const bytes = Buffer.alloc(maxOpenedPieceBytes + 10, 'abc');
    await writeFile(path, bytes);
    await using shown = new ShownFile('operator');
    const router = { opened: openedProcedures(shown) };
    const file = await shown.show(path);
    const client = createRouterClient(router, { context: { role: 'operator' } });
    const { name } = file;
    const read = async (offset: number, count: number) =>
      Buffer.from((await client.opened.read({ name, offset, bytes: count })).base64, 'base64');
    expect(name).toBe('a file.txt');
    expect(await read(0, 1_000_000)).toEqual(bytes.subarray(0, maxOpenedPieceBytes));
    expect(await read(maxOpenedPieceBytes, 1_000_000)).toEqual(bytes.subarray(maxOpenedPieceBytes));
    expect(await read(bytes.length + 5, 1)).toHaveLength(0);
    for (const other of ['../a file.txt', path, 'b', '/etc/passwd'])
      await expect(client.opened.read({ name: other, offset: 0, bytes: 1 })).rejects.toThrow(
        'is not opened here',
      );
    const viewer = createRouterClient(router, { context: { role: 'viewer' } });
    await expect(viewer.opened.read({ name, offset: 0, bytes: 1 })).rejects.toThrow('operator role');
    await using forAll = new ShownFile('viewer');
    await forAll.show(path);
    const looking = createRouterClient({ opened: openedProcedures(forAll) }, { context: { role: 'viewer' } });
    const piece = await looking.opened.read({ name, offset: 0, bytes: 3 });
    expect(Buffer.from(piece.base64, 'base64')).toEqual(bytes.subarray(0, 3));
    // What cannot be shown leaves what is; another file takes its place.
    await expect(shown.show(folder)).rejects.toThrow('is no file');
    expect(await read(0, 3)).toEqual(bytes.subarray(0, 3));
    await writeFile(join(folder, 'other'), 'x');
    await shown.show(join(folder, 'other'));
    await expect(client.opened.read({ name, offset: 0, bytes: 1 })).rejects.toThrow('is not opened here');
    await rm(folder, { recursive: true, force: true });
  });

  it('is there in no server that was started to serve', async () => {
    await using server = await startTestServer();
    const client = createRouterClient(server.router, { context: { role: 'operator' } });
    await expect(client.opened.read({ name: 'x', offset: 0, bytes: 1 })).rejects.toThrow(
      'started without a file to show',
    );
    expect((await client.hello()).opens).toBeUndefined();
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, serverFlags, test } from './fixtures.ts';
import { endServer, startHost, startServer } from './hosts.ts';

/** What a page does that looks at another server, and the first thing that comes back. */
function askThrough(server: string): Promise<unknown> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', ({ data }) => resolve(data), { once: true });
    port1.start();
    window.postMessage({ type: 'sluice:connect', server }, '*', [port2]);
    // A call of the contract, as the console's library writes it.
    port1.postMessage(JSON.stringify({ i: '1', p: { u: '/hello' } }));
  });
}

test('the window looks at another server through its own process, which says why it cannot', async ({
  folder,
}) => {
  const far = await startServer([...serverFlags(join(folder, 'far')), '--require-token']);
  const token = far.tokens?.viewer.split('#t=')[1];
  const remembered = { id: 'far', name: 'far', url: `${far.url}/`, secret: { token } };
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/servers.json'), JSON.stringify({ servers: [remembered] }));
  const sluice = await startHost('desktop', serverFlags(folder));

  const answer = await sluice.page.evaluate(askThrough, 'far');
  expect(JSON.parse(String(answer))).toMatchObject({
    i: '1',
    p: { b: { json: { url: far.url, role: 'viewer' } } },
  });
  expect(await sluice.page.evaluate(askThrough, 'nobody')).toEqual({
    farewell: 'this server is not remembered any more',
  });
  await endServer(far.process);
  expect(await sluice.page.evaluate(askThrough, 'far')).toEqual({
    farewell: expect.stringContaining('nothing listens there'),
  });
  await sluice.close();
});

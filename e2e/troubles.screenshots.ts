/** The three troubles of diagnosis.spec.ts, as the Live view shows them: planted in a store that is spoiled. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOrigin } from '../src/main/object-store/http-origin.fixture.ts';
import { pacedClient } from './clients.ts';
import { expect, serverFlags, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { shoot } from './pictures.ts';

const MiB = 2 ** 20;
const path = '/platform/monorepo.tar.zst';
/** Long enough for its pattern to be seen. */
const troubleMilliseconds = 12_000;

type Origin = Awaited<ReturnType<typeof startOrigin>>;

const troubles = [
  { name: 'trouble-client', diagnosis: 'client-bound', rate: 0.5, spoil: () => undefined },
  {
    name: 'trouble-store',
    diagnosis: 'store-bound',
    rate: 64,
    spoil: (origin: Origin) => {
      origin.answering = ({ headers }) => {
        const start = Number(/^bytes=(\d+)/.exec(headers.range ?? '')?.[1]);
        return start >= 4 * MiB ? () => undefined : undefined;
      };
    },
  },
  {
    name: 'trouble-chunk',
    diagnosis: 'head-of-line',
    rate: 64,
    spoil: (origin: Origin) => {
      const late = `bytes=${12 * MiB}-`;
      origin.answering = ({ headers }) =>
        headers.range?.startsWith(late) === true ? () => undefined : undefined;
    },
  },
] as const;

for (const { name, diagnosis, rate, spoil } of troubles) {
  test(name, async ({ host, folder }) => {
    await using origin = await startOrigin();
    origin.files.set(path, { bytes: randomBytes(48 * MiB), etag: '"7f3a91c2"' });
    spoil(origin);
    const sluice = await startHost(host, [...serverFlags(folder), '--store', origin.url]);
    await sluice.resize(1280, 800);
    const stopping = new AbortController();
    const reading = pacedClient(`${sluice.url}/api/v1/object${path}`, {}, rate * MiB, stopping.signal);
    const lane = sluice.page.getByTestId('lane');
    await expect(lane).toHaveAttribute('data-diagnosis', diagnosis);
    await sleep(troubleMilliseconds);
    await shoot(sluice.page, name);
    stopping.abort();
    await reading;
    await sluice.close();
  });
}

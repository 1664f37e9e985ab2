/**
 * A process of an experiment: the store, one of the two fetchers, or the readers. What is measured must have a
 * process of its own; what measures it must not share one with what it measures. It ends with its parent.
 */
import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFetcher, type FetcherManners } from './fetcher.ts';
import { endWithParent, reportFigures, tell } from './messages.ts';
import { createOrigin, type OriginManners } from './origin.ts';
import { type ReaderManners, Readers } from './readers.ts';

export type ChildTask =
  | ({ readonly role: 'origin' } & OriginManners)
  | ({ readonly role: 'fetcher' } & FetcherManners)
  | ({ readonly role: 'readers' } & ReaderManners);

const readersMs = 100;

function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    tell({ kind: 'ready', url: `http://127.0.0.1:${port}` });
  });
}

/** If memory does run out, the kernel ends this process before any other (Linux). */
function volunteer(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Elsewhere there is no such file; the ceiling holds all the same.
  }
}

function fetchAhead(task: FetcherManners): void {
  volunteer();
  const { server, account } = createFetcher(task);
  reportFigures(() => account.reading);
  listen(server);
}

function readAtPace(task: ReaderManners): void {
  const readers = new Readers(task);
  const report = (): void => tell({ kind: 'readers', readers: readers.outcomes });
  process.once('message', (url) => {
    const reporting = setInterval(report, readersMs);
    void readers.read(String(url)).then(() => {
      clearInterval(reporting);
      report();
    });
  });
  tell({ kind: 'ready', url: '' });
}

endWithParent();
const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
if (task.role === 'origin') listen(createOrigin(task));
else if (task.role === 'fetcher') fetchAhead(task);
else readAtPace(task);

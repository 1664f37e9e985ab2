/**
 * Where a server keeps what is there for a while only: a folder of its own in the data folder, named by its process,
 * so that the next one can tell what a crash has left from what is in use.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Disposing removes it. */
export interface WorkFolder extends AsyncDisposable {
  readonly path: string;
  /** No other process works in this data folder. */
  readonly isAlone: boolean;
}

/** Makes the folder, and removes those of processes that are gone. @throws the system's error */
export async function openWorkFolder(dataDir: string): Promise<WorkFolder> {
  const all = join(dataDir, 'work');
  await mkdir(all, { recursive: true, mode: 0o700 });
  let isAlone = true;
  for (const name of await readdir(all)) {
    // After a restart in a container this process may have the number of the one before.
    const pid = Number.parseInt(name, 10);
    if (pid !== process.pid && isRunning(pid)) isAlone = false;
    else await rm(join(all, name), { recursive: true, force: true, maxRetries: 3 });
  }
  const path = await mkdtemp(join(all, `${process.pid}-`));
  return {
    path,
    isAlone,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What is in a profile file, in a sentence: worked out in a process of its own, because reading one takes memory and
 * holds up whoever reads, and because a file that somebody sent may be made to do so.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '#shared/errors.ts';
import type { FileFormat } from '#shared/profile/profile.ts';

export interface ProfileDescription {
  readonly format: FileFormat;
  /** Which function, or which kind of object, has the most. */
  readonly sentence: string;
}

/** What the process says. */
export type DescribeAnswer = ProfileDescription | { readonly refusal: string };

const patienceMs = 60_000;

/**
 * Reads the file at `path`; `name` is for sentences.
 * @throws SluiceError INVALID_INPUT that says which format and which field is wrong; PROCESS_FAILED when reading it
 * took too much memory or time; ABORTED
 */
export async function describeProfile(
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<ProfileDescription> {
  // In Electron, fork starts the Electron binary as plain Node.js. Flags of this process are not for the child.
  const child = fork(childPath(), [path, name], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit');
  const deadline = AbortSignal.timeout(patienceMs);
  const waiting = { signal: signal ? AbortSignal.any([signal, deadline]) : deadline };
  try {
    const answer = await Promise.race([once(child, 'message', waiting), ended.then(() => [])]);
    const [said] = answer as readonly (DescribeAnswer | undefined)[];
    if (said === undefined) throw tooMuch(name, 'memory');
    if ('refusal' in said) throw new SluiceError('INVALID_INPUT', said.refusal);
    return said;
  } catch (error) {
    if (signal?.aborted === true)
      throw new SluiceError('ABORTED', 'nobody waits for the profile any more', { cause: error });
    throw deadline.aborted ? tooMuch(name, 'time') : error;
  } finally {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  }
}

function tooMuch(name: string, what: string): SluiceError {
  return new SluiceError('PROCESS_FAILED', `${name} takes too much ${what} to be read`);
}

/** Beside this file as source; in the build beside the entries, whose shared code may lie one folder below. */
function childPath(): string {
  const places = ['./describe-child.ts', './describe-child.js', '../describe-child.js'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new SluiceError('INVARIANT', 'describe-child.js is missing from this build');
  return path;
}

/**
 * Bundles: what leads from a commit that a client has to the mirror's HEAD, as one file that `git pull` reads. It
 * names HEAD and its branch, so `git pull --ff-only BUNDLE BRANCH` finds what it asks for. A base that a force push
 * has taken out of the history serves as well, as long as the mirror has it: the bundle then needs what base and HEAD
 * have in common, which whoever has base has too.
 */
import { SluiceError } from '#shared/errors.ts';
import type { Git } from './git.ts';
import type { Mirror } from './mirror.ts';
import { readOutput, type Program } from './process.ts';

/** Disposing ends git if it is still at work. */
export interface Bundle extends AsyncDisposable {
  /** The commit that the bundle leads to. */
  readonly head: string;
  /**
   * The bytes, to be read once. Ends without an error only when the bundle is complete.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  readonly stream: AsyncIterable<Uint8Array>;
}

/** A bundle begins with text: its version, what it needs, what it has; an empty line ends it. */
const headerLimitBytes = 1024 * 1024;

/**
 * The bundle from `base` to the mirror's HEAD as it is now.
 * @throws SluiceError INVALID_INPUT when `base` is no commit id; NOT_FOUND when the mirror does not have it, or when
 *   nothing leads from there to HEAD (it is HEAD, or after it); PROCESS_FAILED, ABORTED
 */
export async function createBundle(
  git: Git,
  mirror: Mirror,
  base: string,
  signal: AbortSignal,
): Promise<Bundle> {
  if (!(await mirror.hasCommit(base, signal))) throw unknown(base, 'is not known here');
  const head = await mirror.head(signal);
  const ahead = head && (await mirror.countBetween(base, head.commit, signal));
  if (!head || !ahead) throw unknown(base, 'is not behind HEAD');
  const refs = head.branch === undefined ? ['HEAD'] : ['HEAD', `refs/heads/${head.branch}`];
  const args = ['--git-dir=.', 'bundle', 'create', '--quiet', '-', ...refs, `^${base}`];
  const program = git.start(mirror.folder, args, signal);
  program.input.end();
  try {
    const { header, rest } = await readHeader(program);
    return {
      // HEAD may have moved since: what the bundle says is what it has.
      head: /^([0-9a-f]{40,64}) HEAD$/m.exec(header.toString('latin1'))?.[1] ?? head.commit,
      stream: join(header, rest),
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

async function readHeader(program: Program) {
  const rest = readOutput(program);
  let header: Buffer = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return { header, rest };
    header = Buffer.concat([header, value]);
    if (header.includes('\n\n') || header.length > headerLimitBytes) return { header, rest };
  }
}

async function* join(first: Uint8Array, rest: AsyncIterable<Uint8Array>) {
  yield first;
  yield* rest;
}

function unknown(base: string, why: string): SluiceError {
  return new SluiceError('NOT_FOUND', `there is no bundle from ${base}: that commit ${why}`);
}

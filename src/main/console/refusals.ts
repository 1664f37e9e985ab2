/** Failures, as a console is told of them: the sentence as it stands, and the code. */
import { ORPCError } from '@orpc/server';
import { isSluiceError, SluiceError } from '#shared/errors.ts';

/**
 * Runs a procedure's work. What it throws reaches the console as its sentence when it was written for people; the
 * rest stays here, where it may name what is nobody's business.
 * @throws ORPCError
 */
export async function telling<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSluiceError(error)) {
      throw new ORPCError('INTERNAL_SERVER_ERROR', {
        message: 'something failed inside Sluice',
        cause: error,
      });
    }
    throw new ORPCError(error.code, { status: error.status, message: error.message, cause: error });
  }
}

/** @throws SluiceError NOT_FOUND */
export function noSuchJob(id: number): never {
  throw new SluiceError(
    'NOT_FOUND',
    `there is no job ${id} any more: those that have ended are kept for a while`,
  );
}

/** Exit codes: 1 for a failure, 2 for bad input, and those that a command has for its own ways of failing. */
import { isSluiceError } from '#shared/errors.ts';

const ofCommands = new WeakMap<object, number>();

/** Makes `error` end the command with `code`. @returns the error, to be thrown */
export function withExitCode<E extends object>(error: E, code: number): E {
  ofCommands.set(error, code);
  return error;
}

/** The exit code of a command that failed with `error`. */
export function exitCodeOf(error: unknown): number {
  const own = typeof error === 'object' && error !== null ? ofCommands.get(error) : undefined;
  return own ?? (isSluiceError(error, 'INVALID_INPUT') ? 2 : 1);
}

/** A file in a command line: what somebody opened with the program, from a folder or by its association. */
import { isAbsolute, join } from 'node:path';

/** Names of what the console shows. Anything else in a command line is a flag, or the value of one. */
const shownNames = /\.(sluicerec|tar\.gz|heapprofile|heapsnapshot|cpuprofile|pb\.gz|pb|pprof|folded)$/i;

/** The last argument, if it is such a file, and the rest of the command line. Relative paths begin at `directory`. */
export function fileIn(
  commandLine: readonly string[],
  directory: string,
): { readonly file: string | undefined; readonly rest: readonly string[] } {
  const last = commandLine.at(-1) ?? '';
  if (commandLine.length < 2 || last.startsWith('-') || !shownNames.test(last))
    return { file: undefined, rest: commandLine };
  return { file: isAbsolute(last) ? last : join(directory, last), rest: commandLine.slice(0, -1) };
}

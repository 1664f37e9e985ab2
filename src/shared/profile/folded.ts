/**
 * Folded stacks, as flame graph scripts write them: `root;caller;leaf 12`, a line each. Two numbers at the end of every line
 * are what difffolded.pl and inferno-diff-folded write of two files: before and after.
 */
import { ProfileBuilder } from './builder.ts';
import { profileLimits } from './limits.ts';
import { ProfileError, type Profile, type ReadOptions, type SampleType } from './profile.ts';

const strideLines = 50_000;
/** So many stacks tell whether there are two numbers in each line: a name may end in one. */
const lookStacks = 50;

const one = [{ type: 'samples', unit: 'count' }] as const;
const two = [
  { type: 'samples before', unit: 'count' },
  { type: 'samples after', unit: 'count' },
] as const;

/** @throws ProfileError that names the line; the signal's reason */
export function readFolded(text: string, { onProgress, signal }: ReadOptions = {}): Profile {
  const types: readonly [SampleType, ...SampleType[]] = hasTwoNumbers(text) ? two : one;
  const builder = new ProfileBuilder('folded', types);
  for (const { stack, line, end } of stacksIn(text)) {
    addStack(builder, { stack, line, numbers: types.length });
    if (line % strideLines !== 0) continue;
    onProgress?.(end / text.length);
    signal?.throwIfAborted();
  }
  return builder.build({ defaultType: types.length - 1 });
}

interface FoldedLine {
  readonly stack: string;
  /** The first is 1. */
  readonly line: number;
  /** Where the line ends in the text. */
  readonly end: number;
}

/** Lines that are neither empty nor a comment. */
function* stacksIn(text: string): Generator<FoldedLine, void> {
  let start = 0;
  for (let line = 1; start < text.length; line += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const stack = text.slice(start, end).trim();
    if (stack !== '' && !stack.startsWith('#')) yield { stack, line, end };
    start = end + 1;
  }
}

function hasTwoNumbers(text: string): boolean {
  let looked = 0;
  for (const { stack } of stacksIn(text)) {
    const { rest, count } = lastNumber(stack);
    if (count === undefined || lastNumber(rest).count === undefined) return false;
    looked += 1;
    if (looked === lookStacks) break;
  }
  return looked > 0;
}

function addStack(
  builder: ProfileBuilder,
  { stack, line, numbers }: Pick<FoldedLine, 'stack' | 'line'> & { readonly numbers: number },
): void {
  let left = stack;
  const counts: number[] = [];
  while (counts.length < numbers) {
    const { rest, count } = lastNumber(left);
    if (count === undefined) throw unlike(line, numbers);
    counts.unshift(count);
    left = rest;
  }
  // One more than is allowed: the builder refuses it.
  const frames = left.split(';', profileLimits.stackFrames + 1).map((name) => builder.function(name));
  builder.add(frames.toReversed(), counts);
}

/** What an awk script makes of a large sum is `1.5e+07`. */
const number = /^-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,2})?$/i;

/** From its end: a pattern over the whole line takes for ever where there are only spaces. */
function lastNumber(text: string): { readonly rest: string; readonly count?: number } {
  const space = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'));
  const rest = text.slice(0, Math.max(0, space)).trimEnd();
  const count = text.slice(space + 1);
  return rest !== '' && number.test(count) ? { rest, count: Number(count) } : { rest };
}

function unlike(line: number, numbers: number): ProfileError {
  const [example, end] =
    numbers === 1
      ? ['main;read;decode 12', 'a number']
      : ['main;read;decode 12 15', 'two numbers, as the lines before it have'];
  const what =
    line === 1
      ? 'This is no profile that is read here, nor folded stacks: line 1'
      : `Line ${line} is no folded stack: it`;
  return new ProfileError(
    'folded',
    `line ${line}`,
    `${what} has to be like "${example}", with ${end} at its end.`,
  );
}

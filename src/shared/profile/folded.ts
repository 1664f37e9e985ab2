/**
 * Folded stacks, as flame graph scripts write them: `root;caller;leaf 12`, a line each. Where each line has two numbers,
 * they are of two profiles, as difffolded.pl of FlameGraph writes them: before and after.
 */
import { ProfileBuilder } from './builder.ts';
import { profileLimits } from './limits.ts';
import { ProfileError, type Profile, type ReadOptions, type SampleType } from './profile.ts';

const strideLines = 50_000;

const one: readonly [SampleType] = [{ type: 'samples', unit: 'count' }];
const two: readonly [SampleType, SampleType] = [
  { type: 'before', unit: 'count' },
  { type: 'after', unit: 'count' },
];

/** @throws ProfileError that names the line; the signal's reason */
export function readFolded(text: string, { onProgress, signal }: ReadOptions = {}): Profile {
  const isTwo = hasTwo(text);
  const builder = new ProfileBuilder('folded', isTwo ? two : one);
  let line = 0;
  for (const { stack, end } of lines(text)) {
    line += 1;
    if (stack !== '') addLine(builder, stack, line, isTwo);
    if (line % strideLines !== 0) continue;
    onProgress?.(end / text.length);
    signal?.throwIfAborted();
  }
  return builder.build(isTwo ? { defaultType: 1 } : {});
}

/** Each line, an empty one for what is none: a comment. */
function* lines(text: string): Generator<{ readonly stack: string; readonly end: number }> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const stack = text.slice(start, end).trim();
    yield { stack: stack.startsWith('#') ? '' : stack, end };
    start = end + 1;
  }
}

/** Whether each line has two numbers: a name that ends with one is alone in that, or nearly. */
function hasTwo(text: string): boolean {
  let some = false;
  for (const { stack } of lines(text)) {
    if (stack === '') continue;
    const [rest] = split(stack);
    const [before, count] = split(rest);
    if (before === '' || !isCount(count)) return false;
    some = true;
  }
  return some;
}

/**
 * What stands before the last space, and behind it. From its end: a pattern over the whole line takes for ever where
 * there are only spaces.
 */
function split(text: string): readonly [before: string, last: string] {
  const space = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'));
  return [text.slice(0, Math.max(0, space)).trimEnd(), text.slice(space + 1)];
}

const isCount = (text: string): boolean => /^\d{1,20}(?:\.\d{1,20})?$/.test(text);

function addLine(builder: ProfileBuilder, text: string, line: number, isTwo: boolean): void {
  const [rest, last] = split(text);
  const [stack, first] = isTwo ? split(rest) : [rest, last];
  if (stack === '' || !isCount(last)) {
    throw new ProfileError(
      'folded',
      `line ${line}`,
      `Line ${line} is no folded stack: it has to be like "main;read;decode 12", with a number at its end.`,
    );
  }
  // One more than is allowed: the builder refuses it.
  const frames = stack.split(';', profileLimits.stackFrames + 1).map((name) => builder.function(name));
  builder.add(frames.toReversed(), isTwo ? [Number(first), Number(last)] : [Number(last)]);
}

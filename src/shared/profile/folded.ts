/** Folded stacks, as flame graph scripts write them: `root;caller;leaf 12`, a line each. */
import { ProfileBuilder } from './builder.ts';
import { profileLimits } from './limits.ts';
import { ProfileError, type Profile, type ReadOptions } from './profile.ts';

const strideLines = 50_000;

/** @throws ProfileError that names the line; the signal's reason */
export function readFolded(text: string, { onProgress, signal }: ReadOptions = {}): Profile {
  const builder = new ProfileBuilder('folded', [{ type: 'samples', unit: 'count' }]);
  let start = 0;
  for (let line = 1; start < text.length; line += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    addLine(builder, text.slice(start, end).trim(), line);
    start = end + 1;
    if (line % strideLines !== 0) continue;
    onProgress?.(start / text.length);
    signal?.throwIfAborted();
  }
  return builder.build();
}

function addLine(builder: ProfileBuilder, text: string, line: number): void {
  if (text === '' || text.startsWith('#')) return;
  // From its end: a pattern over the whole line takes for ever where there are only spaces.
  const space = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'));
  const [stack, count] = [text.slice(0, Math.max(0, space)).trimEnd(), text.slice(space + 1)];
  if (stack === '' || !/^\d{1,20}(?:\.\d{1,20})?$/.test(count)) {
    throw new ProfileError(
      'folded',
      `line ${line}`,
      `Line ${line} is no folded stack: it has to be like "main;read;decode 12", with a number at its end.`,
    );
  }
  // One more than is allowed: the builder refuses it.
  const frames = stack.split(';', profileLimits.stackFrames + 1).map((name) => builder.function(name));
  builder.add(frames.toReversed(), [Number(count)]);
}

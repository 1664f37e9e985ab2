/** Writes a profile as pprof, so that other tools open it. */
import { sampleCount, type Labels, type Profile, type SampleType } from './profile.ts';
import { WireWriter } from './wire-writer.ts';

/** The profile as an uncompressed profile.proto; `go tool pprof` takes it so, and with gzip. */
export function toPprof(profile: Profile): Uint8Array<ArrayBuffer> {
  const strings = new Strings();
  const out = new WireWriter();
  const { sampleTypes, functions, starts, frames, values, labels } = profile;
  for (const type of sampleTypes) out.message(1, typeOf(strings, type));
  const width = sampleTypes.length;
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const inside = new WireWriter();
    const stack = frames.subarray(starts[sample] ?? 0, starts[sample + 1] ?? 0);
    inside.packed(
      1,
      stack.map((index) => index + 1),
    );
    inside.packed(2, values.subarray(sample * width, (sample + 1) * width));
    writeLabels(inside, strings, labels?.[sample]);
    out.message(2, inside);
  }
  for (const [index, { name, file }] of functions.entries()) {
    const line = new WireWriter();
    line.number(1, index + 1);
    const location = new WireWriter();
    location.number(1, index + 1);
    location.message(4, line);
    out.message(4, location);
    const definition = new WireWriter();
    definition.number(1, index + 1);
    definition.number(2, strings.index(name));
    definition.number(3, strings.index(name));
    definition.number(4, strings.index(file));
    out.message(5, definition);
  }
  const { at, durationMs, period, comments = [], defaultType } = profile;
  out.number(9, (at ?? 0) * 1e6);
  out.number(10, (durationMs ?? 0) * 1e6);
  if (period) {
    out.message(11, typeOf(strings, period));
    out.number(12, period.value);
  }
  out.packed(
    13,
    comments.map((comment) => strings.index(comment)),
  );
  out.number(14, strings.index(sampleTypes[defaultType]?.type ?? ''));
  for (const string of strings.all) out.string(6, string);
  return out.bytes();
}

class Strings {
  /** The first one is empty: the format has it so. */
  readonly all: string[] = [''];
  readonly #indices = new Map<string, number>([['', 0]]);

  index(text: string): number {
    let index = this.#indices.get(text);
    if (index === undefined) {
      index = this.all.length;
      this.all.push(text);
      this.#indices.set(text, index);
    }
    return index;
  }
}

function typeOf(strings: Strings, { type, unit }: SampleType): WireWriter {
  const out = new WireWriter();
  out.number(1, strings.index(type));
  out.number(2, strings.index(unit));
  return out;
}

function writeLabels(out: WireWriter, strings: Strings, labels: Labels | undefined): void {
  for (const [key, value] of labels ?? []) {
    const label = new WireWriter();
    label.number(1, strings.index(key));
    label.number(2, strings.index(value));
    out.message(3, label);
  }
}

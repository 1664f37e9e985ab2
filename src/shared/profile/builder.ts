/** Puts a profile together sample by sample, in memory that grows by doubling and is cut to size at the end. */
import { requireAtMost } from './limits.ts';
import type { Labels, Profile, ProfileFacts, ProfileFormat, SampleType } from './profile.ts';

/** What a function is called that has no name: as `go tool pprof` calls it. */
const nameless = '<unknown>';

export class ProfileBuilder {
  readonly #format: ProfileFormat;
  readonly #types: readonly [SampleType, ...SampleType[]];
  readonly #functions: { readonly name: string; readonly file: string }[] = [];
  readonly #byName = new Map<string, number>();
  readonly #labels: (Labels | undefined)[] = [];
  #starts = new Uint32Array(1024);
  #frames = new Uint32Array(8192);
  #values: Float64Array;
  #samples = 0;
  #used = 0;
  #hasLabels = false;
  #labelled = 0;

  constructor(format: ProfileFormat, types: readonly [SampleType, ...SampleType[]]) {
    this.#format = format;
    this.#types = types;
    this.#values = new Float64Array(1024 * types.length);
  }

  /** The index of a function; the same name in the same file is the same function. @throws ProfileError beyond a limit */
  function(name: string, file = ''): number {
    const shown = name === '' ? nameless : name;
    const key = `${shown}\0${file}`;
    let index = this.#byName.get(key);
    if (index === undefined) {
      index = this.#functions.length;
      requireAtMost('functions', index + 1, this.#format, 'functions');
      this.#functions.push({ name: shown, file });
      this.#byName.set(key, index);
    }
    return index;
  }

  /** `frames`: leaf first. One value for each type. @throws ProfileError beyond a limit */
  add(frames: ArrayLike<number>, values: ArrayLike<number>, labels?: Labels): void {
    const width = this.#types.length;
    this.#labelled += labels?.size ?? 0;
    const format = this.#format;
    requireAtMost('samples', this.#samples + 1, format, 'samples');
    requireAtMost('stackFrames', frames.length, format, 'frames in a stack');
    requireAtMost('frames', this.#used + frames.length, format, 'frames in all stacks together');
    requireAtMost('labels', this.#labelled, format, 'labels');
    if (this.#samples + 2 > this.#starts.length) this.#starts = grown(this.#starts, this.#samples + 2);
    if (this.#used + frames.length > this.#frames.length) {
      this.#frames = grown(this.#frames, this.#used + frames.length);
    }
    if ((this.#samples + 1) * width > this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#frames.set(frames, this.#used);
    this.#used += frames.length;
    this.#values.set(values, this.#samples * width);
    this.#samples += 1;
    this.#starts[this.#samples] = this.#used;
    this.#labels.push(labels);
    this.#hasLabels ||= labels !== undefined;
  }

  build(more: ProfileFacts & { readonly defaultType?: number } = {}): Profile {
    return {
      format: this.#format,
      sampleTypes: this.#types,
      defaultType: 0,
      functions: this.#functions,
      starts: this.#starts.slice(0, this.#samples + 1),
      frames: this.#frames.slice(0, this.#used),
      values: this.#values.slice(0, this.#samples * this.#types.length),
      ...(this.#hasLabels ? { labels: this.#labels } : {}),
      ...more,
    };
  }
}

function grown(array: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}

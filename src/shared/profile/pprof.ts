/** pprof, as Go, and many others, write it: any number of sample types, inlined frames, labels. */
import { ProfileBuilder } from './builder.ts';
import { readPprofFile, readSample, type RawPprof, type RawSample } from './pprof-file.ts';
import { ProfileError, type Labels, type Profile, type ReadOptions, type SampleType } from './profile.ts';
import { Pruner } from './prune.ts';

/** The share of the time that finding the parts takes; the rest is for the samples. */
const lookingShare = 0.2;
/** How often somebody who waits hears of it, in samples. */
const strideSamples = 10_000;

/**
 * Reads an uncompressed pprof profile.
 * @throws ProfileError that names the field; the signal's reason
 */
export function readPprof(bytes: Uint8Array, { onProgress, signal }: ReadOptions = {}): Profile {
  const file = readPprofFile(bytes, (share) => onProgress?.(share * lookingShare), signal);
  return new PprofReader(file).read(bytes.length, {
    ...(signal ? { signal } : {}),
    onProgress: (share) => onProgress?.(lookingShare + share * (1 - lookingShare)),
  });
}

interface Place {
  /** Indices of functions, innermost first. */
  readonly lines: readonly number[];
  readonly pruning?: 'whole' | 'beneath';
}

class PprofReader {
  readonly #file: RawPprof;
  readonly #types: readonly [SampleType, ...SampleType[]];
  readonly #builder: ProfileBuilder;
  readonly #places: ReadonlyMap<number, Place>;
  readonly #pruner: Pruner | undefined;
  #hasUnnamed = false;

  constructor(file: RawPprof) {
    this.#file = file;
    this.#types = this.#readTypes();
    this.#builder = new ProfileBuilder('pprof', this.#types);
    const names: string[] = [];
    const functions = new Map(
      file.functions.map(({ id, name, systemName, file: path }) => {
        const text = this.#string(name, 'function.name') || this.#string(systemName, 'function.system_name');
        if (text === '') return [id, undefined] as const;
        const index = this.#builder.function(text, this.#string(path, 'function.filename'));
        names[index] = text;
        return [id, index] as const;
      }),
    );
    this.#pruner = this.#makePruner((index) => names[index] ?? '');
    const objects = new Map(
      file.mappings.map(({ id, file: path }) => [id, this.#string(path, 'mapping.filename')] as const),
    );
    this.#places = new Map(
      file.locations.map(({ id, mapping, lines }) => {
        const unnamed = () => this.#unnamed(objects.get(mapping) ?? '');
        const frames = lines.map((of) => {
          if (!functions.has(of)) wrong('location.line.function_id', `there is no function ${of}`);
          return functions.get(of) ?? unnamed();
        });
        return [id, this.#place(frames.length > 0 ? frames : [unnamed()])] as const;
      }),
    );
  }

  read(fileBytes: number, { onProgress, signal }: ReadOptions): Profile {
    const { samples } = this.#file;
    for (const [index, sample] of samples.entries()) {
      this.#add(readSample(sample, fileBytes));
      if (index % strideSamples !== 0) continue;
      onProgress?.(index / samples.length);
      signal?.throwIfAborted();
    }
    const { timeNanos, durationNanos, period, periodType } = this.#file;
    const comments = this.#file.comments.map((index) => this.#string(index, 'comment'));
    const type = this.#string(periodType.type, 'period_type.type');
    const unit = this.#string(periodType.unit, 'period_type.unit');
    return this.#builder.build({
      defaultType: this.#defaultType(),
      ...(this.#hasUnnamed ? { hasUnnamed: true } : {}),
      ...(timeNanos > 0 ? { at: timeNanos / 1e6 } : {}),
      ...(durationNanos > 0 ? { durationMs: durationNanos / 1e6 } : {}),
      ...(period > 0 ? { period: { type, unit, value: period } } : {}),
      ...(comments.length > 0 ? { comments } : {}),
    });
  }

  #readTypes(): readonly [SampleType, ...SampleType[]] {
    const [first, ...rest] = this.#file.types.map(({ type, unit }) => ({
      type: this.#string(type, 'sample_type.type'),
      unit: this.#string(unit, 'sample_type.unit'),
    }));
    if (first) return [first, ...rest];
    throw new ProfileError(
      'pprof',
      'sample_type',
      'This pprof profile has no sample_type: it says nothing of what it counts.',
    );
  }

  /** What the file names, else its last: as `go tool pprof` chooses. */
  #defaultType(): number {
    const wanted = this.#string(this.#file.defaultType, 'default_sample_type');
    const index = this.#types.findIndex(({ type }) => type === wanted);
    return index < 0 ? this.#types.length - 1 : index;
  }

  #makePruner(name: (index: number) => string): Pruner | undefined {
    const { dropFrames, keepFrames } = this.#file;
    const drop = pattern(this.#string(dropFrames, 'drop_frames'));
    const keptNames = this.#string(keepFrames, 'keep_frames');
    const keep = pattern(keptNames);
    if (!drop || (keptNames !== '' && !keep)) return undefined;
    return new Pruner({ drop, keep, name });
  }

  /** Where a file has addresses alone, functions cannot be told apart: as `go tool pprof` names what is so. */
  #unnamed(object: string): number {
    this.#hasUnnamed = true;
    const base = object.split(/[/\\]/).at(-1) ?? '';
    return this.#builder.function(base === '' ? '' : `[${base}]`);
  }

  #place(frames: readonly number[]): Place {
    return this.#pruner ? this.#pruner.location(frames) : { lines: frames };
  }

  #add({ locations, values, labels }: RawSample): void {
    if (values.length !== this.#types.length) {
      wrong('sample.value', `a sample has ${values.length} values for ${this.#types.length} sample types`);
    }
    const places = locations.map(
      (id) => this.#places.get(id) ?? wrong('sample.location_id', `there is no location ${id}`),
    );
    const kept = this.#pruner ? this.#pruner.sample(places) : places;
    this.#builder.add(
      kept.flatMap(({ lines }) => lines),
      values,
      labels.length > 0 ? this.#labels(labels) : undefined,
    );
  }

  #labels(labels: RawSample['labels']): Labels {
    const values = new Map<string, string>();
    for (const { key, text, number, unit } of labels) {
      const value =
        text > 0
          ? this.#string(text, 'label.str')
          : `${number} ${this.#string(unit, 'label.num_unit')}`.trimEnd();
      const name = this.#string(key, 'label.key');
      const before = values.get(name);
      values.set(name, before === undefined ? value : `${before}, ${value}`);
    }
    return values;
  }

  #string(index: number, field: string): string {
    if (index === 0) return '';
    const { strings } = this.#file;
    return (
      strings[index] ?? wrong(field, `there is no string ${index} of ${strings.length}; it may be cut off`)
    );
  }
}

function wrong(field: string, what: string): never {
  throw new ProfileError('pprof', field, `This pprof profile contradicts itself: ${what} (${field}).`);
}

/** A group that is repeated: a name of thirty letters may keep such a pattern busy for hours. One that may be missing may not. */
const repeatedGroup = /\)[*+{]/;
/** Each repetition multiplies the time by the length of a name. */
const maxRepetitions = 3;
const maxPatternLength = 4096;

/**
 * The whole name has to match. What JavaScript cannot read as a pattern, or what a name could keep busy, drops nothing:
 * Go's own patterns are lists of names.
 */
function pattern(text: string): RegExp | undefined {
  if (text === '' || text.length > maxPatternLength || repeatedGroup.test(text)) return undefined;
  if (text.split('|').some((part) => (part.match(/[*+?{]/g) ?? []).length > maxRepetitions)) return undefined;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return undefined;
  }
}

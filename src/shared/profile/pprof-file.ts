/** The messages of profile.proto (github.com/google/pprof/proto/profile.proto), as they stand in the file. */
import { requireAtMost } from './limits.ts';
import { type Aborting, ProfileError } from './profile.ts';
import { WireError, WireReader } from './wire.ts';

interface RawLabel {
  readonly key: number;
  readonly text: number;
  readonly number: number;
  readonly unit: number;
}

export interface RawSample {
  readonly locations: readonly number[];
  readonly values: readonly number[];
  readonly labels: readonly RawLabel[];
}

interface RawLocation {
  readonly id: number;
  /** The id of the mapping that it is in; 0 for none. */
  readonly mapping: number;
  /** Ids of functions, innermost first: all but the last were inlined into the next. */
  readonly lines: readonly number[];
}

interface RawFunction {
  readonly id: number;
  readonly name: number;
  /** As the linker knows it. */
  readonly systemName: number;
  readonly file: number;
}

/** A program or library; `file` is the path of it. */
interface RawMapping {
  readonly id: number;
  readonly file: number;
}

export interface RawPprof {
  readonly types: readonly { readonly type: number; readonly unit: number }[];
  /** To be read with `readSample`. */
  readonly samples: readonly WireReader[];
  readonly mappings: readonly RawMapping[];
  readonly locations: readonly RawLocation[];
  readonly functions: readonly RawFunction[];
  readonly strings: readonly string[];
  readonly dropFrames: number;
  readonly keepFrames: number;
  readonly timeNanos: number;
  readonly durationNanos: number;
  readonly periodType: { readonly type: number; readonly unit: number };
  readonly period: number;
  readonly comments: readonly number[];
  readonly defaultType: number;
}

/** The numbers of the fields of Profile. */
const fieldNames: Readonly<Record<number, string>> = {
  1: 'sample_type',
  2: 'sample',
  3: 'mapping',
  4: 'location',
  5: 'function',
  6: 'string_table',
  7: 'drop_frames',
  8: 'keep_frames',
  9: 'time_nanos',
  10: 'duration_nanos',
  11: 'period_type',
  12: 'period',
  13: 'comment',
  14: 'default_sample_type',
};

/** How often somebody who waits hears of it, in bytes. */
const strideBytes = 1 << 20;

/**
 * Reads the message; its samples are left as they stand, because they are most of it.
 * @throws ProfileError that names the field; the signal's reason
 */
export function readPprofFile(
  bytes: Uint8Array,
  onProgress: (share: number) => void,
  signal?: Aborting,
): RawPprof {
  const reader = new WireReader(bytes);
  const file = emptyFile();
  let field = 0;
  let told = 0;
  try {
    while (!reader.isAtEnd) {
      const tag = reader.tag();
      field = tag.field;
      readField(reader, file, tag.field, tag.type);
      requireModest(file, tag.field);
      if (reader.position - told < strideBytes) continue;
      told = reader.position;
      onProgress(told / bytes.length);
      signal?.throwIfAborted();
    }
  } catch (error) {
    throw named(error, fieldNames[field] ?? `field ${field}`, reader.position, bytes.length);
  }
  return file;
}

/** One of the samples. @throws ProfileError */
export function readSample(message: WireReader, fileBytes: number): RawSample {
  const reader = message.again();
  try {
    return sampleOf(reader);
  } catch (error) {
    throw named(error, 'sample', reader.position, fileBytes);
  }
}

function named(error: unknown, field: string, position: number, length: number): unknown {
  if (!(error instanceof WireError)) return error;
  if (field.startsWith('field '))
    return new ProfileError(
      'unknown',
      'file',
      `This file is no profile that is read here: what it is is not known, and as pprof, in ${field}, at byte ${position} of ${length}, ${error.message}.`,
    );
  return new ProfileError(
    'pprof',
    field,
    `This is no whole pprof profile: in ${field}, at byte ${position} of ${length}, ${error.message}.`,
  );
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

function emptyFile(): Writable<RawPprof> {
  return {
    types: [],
    samples: [],
    mappings: [],
    locations: [],
    functions: [],
    strings: [],
    dropFrames: 0,
    keepFrames: 0,
    timeNanos: 0,
    durationNanos: 0,
    periodType: { type: 0, unit: 0 },
    period: 0,
    comments: [],
    defaultType: 0,
  };
}

const text = new TextDecoder();

function readField(reader: WireReader, file: Writable<RawPprof>, field: number, type: number): void {
  if (field === 1) file.types.push(readType(reader.inside()));
  else if (field === 2) file.samples.push(reader.inside());
  else if (field === 3) file.mappings.push(readMapping(reader.inside()));
  else if (field === 4) file.locations.push(readLocation(reader.inside()));
  else if (field === 5) file.functions.push(readFunction(reader.inside()));
  else if (field === 6) file.strings.push(text.decode(reader.inside().rest()));
  else if (field === 7) file.dropFrames = reader.varint();
  else if (field === 8) file.keepFrames = reader.varint();
  else if (field === 9) file.timeNanos = reader.varint();
  else if (field === 10) file.durationNanos = reader.varint();
  else if (field === 11) file.periodType = readType(reader.inside());
  else if (field === 12) file.period = reader.varint();
  else if (field === 13) reader.numbers(type, file.comments);
  else if (field === 14) file.defaultType = reader.varint();
  else reader.skip(type);
}

/** Checks the list that the field is in. @throws ProfileError */
function requireModest(file: RawPprof, field: number): void {
  if (field === 2) requireAtMost('samples', file.samples.length, 'pprof', 'samples');
  else if (field === 3) requireAtMost('mappings', file.mappings.length, 'pprof', 'mappings');
  else if (field === 4) requireAtMost('locations', file.locations.length, 'pprof', 'locations');
  else if (field === 5) requireAtMost('functions', file.functions.length, 'pprof', 'functions');
  else if (field === 6) requireAtMost('strings', file.strings.length, 'pprof', 'strings');
  else if (field === 1) requireAtMost('sampleTypes', file.types.length, 'pprof', 'sample types');
}

function readType(reader: WireReader): RawPprof['types'][number] {
  const fields = numbersOf(reader);
  return { type: fields[1] ?? 0, unit: fields[2] ?? 0 };
}

function readFunction(reader: WireReader): RawFunction {
  const fields = numbersOf(reader);
  return { id: fields[1] ?? 0, name: fields[2] ?? 0, systemName: fields[3] ?? 0, file: fields[4] ?? 0 };
}

function readMapping(reader: WireReader): RawMapping {
  const fields = numbersOf(reader);
  return { id: fields[1] ?? 0, file: fields[5] ?? 0 };
}

/** A message of numbers alone, by field. */
function numbersOf(reader: WireReader): Record<number, number> {
  const fields: Record<number, number> = {};
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (type === 0) fields[field] = reader.varint();
    else reader.skip(type);
  }
  return fields;
}

function sampleOf(reader: WireReader): RawSample {
  const locations: number[] = [];
  const values: number[] = [];
  const labels: RawLabel[] = [];
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1) reader.numbers(type, locations);
    else if (field === 2) reader.numbers(type, values);
    else if (field === 3) {
      const fields = numbersOf(reader.inside());
      labels.push({
        key: fields[1] ?? 0,
        text: fields[2] ?? 0,
        number: fields[3] ?? 0,
        unit: fields[4] ?? 0,
      });
    } else reader.skip(type);
  }
  return { locations, values, labels };
}

function readLocation(reader: WireReader): RawLocation {
  const lines: number[] = [];
  let id = 0;
  let mapping = 0;
  while (!reader.isAtEnd) {
    const { field, type } = reader.tag();
    if (field === 1) id = reader.varint();
    else if (field === 2) mapping = reader.varint();
    else if (field === 4) {
      lines.push(numbersOf(reader.inside())[1] ?? 0);
      requireAtMost('stackFrames', lines.length, 'pprof', 'lines of a location');
    } else reader.skip(type);
  }
  return { id, mapping, lines };
}

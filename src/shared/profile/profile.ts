/**
 * A profile of any format in one compact form: stacks of functions with a value for each sample type. Stacks are
 * leaf first; frames that a compiler put into one place (inlined) are frames of their own, innermost first.
 */

export interface SampleType {
  /** `inuse_space`, `alloc_objects`, `cpu`. */
  readonly type: string;
  /** `bytes`, `count`, `nanoseconds`, `microseconds`. */
  readonly unit: string;
}

interface ProfileFunction {
  readonly name: string;
  /** Empty where the format does not say. */
  readonly file: string;
}

export type ProfileFormat = 'pprof' | 'heapprofile' | 'cpuprofile' | 'folded';

/** What can be read: profiles, and a heap snapshot as a summary. */
export type FileFormat = ProfileFormat | 'heapsnapshot';

/** Names and values that were recorded with a sample: `client` is `10.1.4.7`. */
export type Labels = ReadonlyMap<string, string>;

export interface Profile {
  readonly format: ProfileFormat;
  readonly sampleTypes: readonly [SampleType, ...SampleType[]];
  /** Index of the type that the file itself puts first. */
  readonly defaultType: number;
  readonly functions: readonly ProfileFunction[];
  /** Where each sample's frames begin in `frames`, and after the last one where they end. */
  readonly starts: Uint32Array;
  /** Indices of functions, leaf first. */
  readonly frames: Uint32Array;
  /** For sample `s` and type `t`: `values[s * sampleTypes.length + t]`. */
  readonly values: Float64Array;
  /** For each sample; absent where the file has no labels. */
  readonly labels?: readonly (Labels | undefined)[];
  /** When it was taken, in milliseconds since the epoch, and over how long. */
  readonly at?: number;
  readonly durationMs?: number;
  /** How much passes between two samples. */
  readonly period?: SampleType & { readonly value: number };
  /** What its writer wrote into it for people. */
  readonly comments?: readonly string[];
  /** Whether some of its functions have no name: the file has their addresses alone. */
  readonly hasUnnamed?: boolean;
}

/** What a file is about besides its samples. */
export type ProfileFacts = Pick<Profile, 'at' | 'durationMs' | 'period' | 'comments' | 'hasUnnamed'>;

/** Samples in a profile. */
export function sampleCount({ starts }: Pick<Profile, 'starts'>): number {
  return starts.length - 1;
}

/** The part of an AbortSignal that readers use. */
export interface Aborting {
  throwIfAborted(): void;
}

/** What a reader may spend: who waits can see how far it is, and end it. */
export interface ReadOptions {
  /** The share that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: Aborting;
}

/** Files larger than this are refused before they are read. */
export const maxProfileBytes = 200 * 1024 * 1024;

/** A file is not what it seems to be. The message says which format and which field, and what would be right. */
export class ProfileError extends Error {
  readonly format: FileFormat | 'unknown';
  /** The field that is wrong, as the format calls it. */
  readonly field: string;

  constructor(format: ProfileError['format'], field: string, message: string) {
    super(message);
    this.name = 'ProfileError';
    this.format = format;
    this.field = field;
  }
}

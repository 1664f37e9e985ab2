/**
 * What the page and its worker say to each other about profiles. Profiles stay in the worker, however large they are:
 * the page asks, and gets what fits a screen, with a stated end of each list.
 */
import type { Callout } from '#shared/profile/callout.ts';
import type { Presence } from '#shared/profile/compare.ts';
import type { CompareSandwich } from '#shared/profile/compare-sandwich.ts';
import type { Boxes } from '#shared/profile/icicle.ts';
import type { LabelKey } from '#shared/profile/labels.ts';
import type { FileFormat, ProfileFacts, SampleType } from '#shared/profile/profile.ts';
import type { Sandwich } from '#shared/profile/sandwich.ts';

/** Rows of a table that the page gets; the others are counted. */
export const maxTableRows = 5000;
/** Boxes of an icicle; calls deeper than what these take are counted. */
export const maxBoxes = 30_000;
/** Callers, and callees; the others are counted. */
export const maxNeighbours = 200;
/** Keys of labels, and values of one. */
export const maxLabelKeys = 20;
export const maxLabelValues = 100;
/** Profiles that are open at a time, and what they may take in the worker, in bytes, as it reckons. */
export const maxOpened = 8;
export const maxHeldBytes = 768 * 2 ** 20;

/** What is known of an opened profile without asking. */
export interface ProfileInfo {
  /** Of its content: the same file has the same in every window. */
  readonly id: string;
  readonly name: string;
  readonly format: FileFormat;
  readonly fileBytes: number;
  /** What it takes in the worker, about. */
  readonly heldBytes: number;
  /** None for a heap snapshot. */
  readonly sampleTypes: readonly SampleType[];
  readonly defaultType: number;
  readonly samples: number;
  readonly functions: number;
  readonly hasLabels: boolean;
  readonly facts: ProfileFacts;
  /** Of a heap snapshot only. */
  readonly snapshot?: { readonly objects: number; readonly references: number; readonly totalBytes: number };
}

/** Names and values that samples must have. */
export type WantedLabels = readonly (readonly [key: string, value: string])[];

/** What of a profile is looked at. */
export interface Looking {
  readonly id: string;
  /** The name of a sample type. */
  readonly type: string;
  readonly labels: WantedLabels;
}

/** The order and choice of a table's rows. */
export interface Listing {
  readonly column: string;
  readonly direction: 1 | -1;
  /** Names must have this in them, in whatever case. */
  readonly search: string;
}

/** How an icicle is drawn. */
export interface Drawing {
  /** Keys of the names on the way to the node that has the whole width (shared/profile/node-path.ts). */
  readonly zoom: readonly string[];
  readonly search: string;
  /** Narrower calls are left out: a share of the whole width. */
  readonly leastShare: number;
}

/** Two profiles, A before and B after, and how they are held against each other. */
export interface Pairing {
  readonly before: string;
  readonly after: string;
  readonly type: string;
  /** As they are, or as shares of the sum of each. */
  readonly mode: 'absolute' | 'share';
}

export interface Overview {
  /** What 100 % is without labels, and the sum of the samples that have the labels. */
  readonly whole: number;
  readonly wanted: number;
  /** Nothing that is looked at has any value. */
  readonly isEmpty: boolean;
  /** `undefined`: nothing has been sampled, or nothing ran. */
  readonly callout: Callout | undefined;
}

/** Rows of a table, and how many there are beyond them. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Of so many that match, and so many at all. */
  readonly matching: number;
  readonly all: number;
}

export interface TopLine {
  readonly name: string;
  readonly file: string;
  readonly flat: number;
  readonly cum: number;
  /** The share of all that this function and those with a larger flat have together. */
  readonly sumShare: number;
}

export interface TopPage extends Page<TopLine> {
  /** What 100 % is. */
  readonly whole: number;
}

export interface ConstructorLine {
  readonly name: string;
  readonly count: number;
  readonly selfBytes: number;
  readonly retainedBytes: number;
}

/** One step of the way down to where an icicle is zoomed to. */
export interface Crumb {
  readonly key: string;
  readonly name: string;
}

/** What any icicle has. */
export interface IciclePicture {
  readonly boxes: Boxes;
  /** For each box an index into `names`. */
  readonly name: Uint32Array<ArrayBuffer>;
  readonly names: readonly string[];
  /** For each of the names, the file it is in; empty where nobody says. */
  readonly files: readonly string[];
  /** Where it is zoomed to: none for all of it. */
  readonly crumbs: readonly Crumb[];
  /** The sum of all calls whose names match the search, once each; `undefined` without a search. */
  readonly matched: number | undefined;
}

export interface CallPicture extends IciclePicture {
  /** For each box, with all below it, and itself. */
  readonly total: Float64Array<ArrayBuffer>;
  readonly self: Float64Array<ArrayBuffer>;
  /** What 100 % is, of the samples that are looked at. */
  readonly whole: number;
}

export interface ChangePicture extends IciclePicture {
  /** For each box, in both, only after, and only before. */
  readonly kept: Float64Array<ArrayBuffer>;
  readonly added: Float64Array<ArrayBuffer>;
  readonly removed: Float64Array<ArrayBuffer>;
  /** The sums of both. */
  readonly before: number;
  readonly after: number;
}

export interface ChangeLine {
  readonly name: string;
  readonly file: string;
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  readonly deltaCum: number;
  readonly presence: Presence;
}

export interface ChangePage extends Page<ChangeLine> {
  readonly totalBefore: number;
  readonly totalAfter: number;
}

/** Each question with what it asks for and what it gets. */
interface Questions {
  readonly overview: { readonly ask: Looking; readonly answer: Overview };
  readonly labels: {
    readonly ask: Omit<Looking, 'labels'>;
    readonly answer: { readonly keys: readonly LabelKey[]; readonly leftOut: number };
  };
  readonly top: { readonly ask: Looking & Listing; readonly answer: TopPage };
  readonly icicle: { readonly ask: Looking & Drawing; readonly answer: CallPicture };
  /** `undefined`: no function has this name. */
  readonly sandwich: {
    readonly ask: Looking & { readonly name: string };
    readonly answer:
      (Sandwich & { readonly callersLeftOut: number; readonly calleesLeftOut: number }) | undefined;
  };
  readonly constructors: {
    readonly ask: Listing & { readonly id: string };
    readonly answer: Page<ConstructorLine>;
  };
  readonly changes: { readonly ask: Pairing & Listing; readonly answer: ChangePage };
  /** `undefined`: neither has a function of this name. */
  readonly changeSandwich: {
    readonly ask: Pairing & { readonly name: string };
    readonly answer:
      (CompareSandwich & { readonly callersLeftOut: number; readonly calleesLeftOut: number }) | undefined;
  };
  readonly changeIcicle: { readonly ask: Pairing & Drawing; readonly answer: ChangePicture };
}

export type QuestionName = keyof Questions;
export type Ask<K extends QuestionName> = Questions[K]['ask'];
export type Answer<K extends QuestionName> = Questions[K]['answer'];

/** Somewhere to read a file, and where what it has goes from there. */
export interface ReadOrder {
  readonly kind: 'read';
  readonly file: File;
  /** Leads to the worker that keeps profiles. */
  readonly to: MessagePort;
}

export type ToWorker =
  | ReadOrder
  | { readonly kind: 'listen'; readonly from: MessagePort; readonly number: number }
  | { readonly kind: 'close'; readonly id: string }
  | {
      readonly [K in QuestionName]: {
        readonly kind: 'ask';
        readonly number: number;
        readonly name: K;
        readonly ask: Ask<K>;
      };
    }[QuestionName];

/** Why something did not work: a sentence, and for a file its format and the field that is wrong. */
export interface Failure {
  readonly sentence: string;
  readonly format?: string;
  readonly field?: string;
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'unreadable'; readonly failure: Failure }
  | { readonly kind: 'opened'; readonly number: number; readonly info: ProfileInfo }
  | { readonly kind: 'refused'; readonly number: number; readonly failure: Failure }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: Answer<QuestionName> }
  | { readonly kind: 'failed'; readonly number: number; readonly failure: Failure };

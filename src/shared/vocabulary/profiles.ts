/** The words and bounds of profiles that a server takes of itself. */
import { KiB, MiB } from '#shared/units.ts';

/** `heap`: what is allocated and stays. `cpu`: what runs. `snapshot`: every object, while everything stops. */
export const captureKinds = ['heap', 'cpu', 'snapshot'] as const;
export type CaptureKind = (typeof captureKinds)[number];

/** For how long heap and CPU are sampled. */
export const captureSeconds = { least: 1, most: 300, default: 10 } as const;
/** Bytes between two samples of the heap. */
export const heapIntervalBytes = { least: KiB, most: 16 * MiB, default: 32 * KiB } as const;
/** Captures that are kept, the newest. */
export const keptCaptures = 8;
/** Bytes of a file in one answer of `read`. */
export const maxReadBytes = 192 * KiB;

/** Where the recorder's frames come from: the same instants that consoles see. */
import type { Frame } from '#shared/model.ts';

export interface FrameSource {
  /** This instant, with the requests since `cursor` (-1: the newest that are kept). */
  at(cursor: number): Frame;
}

/** Told of each frame that the recorder takes. Must be quick, and never throw. */
export type FrameWatcher = (frame: Frame) => void;

/** What the clients met. */
import { wantedKinds, type WantedKind } from './wanted.ts';

export class Tally {
  /** Answers whose head was right, by what was asked. */
  readonly answers = Object.fromEntries(wantedKinds.map((kind) => [kind, 0])) as Record<WantedKind, number>;
  bytes = 0;
  /** Left by their client, at any place. */
  left = 0;
  /** 503 at the door. */
  refused = 0;
  /** Connections that were broken off because the revision had been replaced. */
  brokenOff = 0;
  /** Bytes that are not those of the revision that the answer names. */
  readonly wrong: string[] = [];
  /** Answers that should not have been given, or not have ended. */
  readonly faults: string[] = [];
}

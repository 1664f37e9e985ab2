/** What the top bar says about recording. */
import type { RecorderState } from '#shared/recording/model.ts';
import { formatBefore, formatDuration } from '#shared/units.ts';

export interface ChipWords {
  readonly word: string;
  /** `12:31`. */
  readonly time?: string;
  readonly manner: 'rolling' | 'manual' | 'off' | 'trouble';
  /** The whole of it, in a sentence. */
  readonly title: string;
}

/** `at` is the server's time. */
export function chipWords({ rolling, manual }: RecorderState, at: number): ChipWords {
  if (rolling.trouble !== undefined)
    return { word: 'not recording', manner: 'trouble', title: `Not recording: ${rolling.trouble}` };
  if (manual) {
    const elapsedMs = Math.max(0, at - manual.startedAt);
    const title = `Recording for ${formatDuration(elapsedMs)}, until somebody stops it`;
    return { word: 'rec', time: minutes(elapsedMs), manner: 'manual', title };
  }
  if (!rolling.isOn) return { word: 'rec off', manner: 'off', title: 'Nothing is recorded all the time' };
  const coveredMs = rolling.firstAt === undefined ? 0 : Math.max(0, at - rolling.firstAt);
  const title = `The last ${formatDuration(coveredMs)} are kept and can be saved or played`;
  return { word: 'rec', time: minutes(coveredMs), manner: 'rolling', title };
}

function minutes(milliseconds: number): string {
  return formatBefore(Math.floor(milliseconds / 1000) * 1000, 0).slice(1);
}

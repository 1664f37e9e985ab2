import { formatTime } from '#shared/units.ts';
import { type AxisTick, ticksBeforeNow, ticksOfDay } from '../../state/axis.ts';
import type { Timeline } from '../../state/timeline.ts';

/** The labels of the axis: before now while it follows the present, times of day where it stands. */
export function axisTicks({ isLive, window, source }: Timeline): readonly AxisTick[] {
  return isLive && source === 'live' ? ticksBeforeNow(window.span) : ticksOfDay(window, formatTime);
}

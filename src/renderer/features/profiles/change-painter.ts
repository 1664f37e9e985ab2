/**
 * A call between two profiles, in a box: solid grey is in both, solid violet has come, what is hollow has gone. Ink is
 * what is held after.
 */
import type { ChangePicture } from '../../state/profile-questions.ts';
import type { ColorName } from '../../ui/palette.ts';
import type { Rect } from './icicle-painter.ts';

export interface ChangeParts {
  readonly kept: number;
  readonly added: number;
  readonly removed: number;
}

export function partsOf({ kept, added, removed }: ChangePicture, box: number): ChangeParts {
  return { kept: kept[box] ?? 0, added: added[box] ?? 0, removed: removed[box] ?? 0 };
}

export function paintChange(rect: Rect, { kept, added, removed }: ChangeParts, shade: ColorName): void {
  const { context, colors, x, y, width, height } = rect;
  const whole = kept + added + removed;
  if (whole <= 0) return;
  const [keptWidth, addedWidth] = [(kept / whole) * width, (added / whole) * width];
  context.fillStyle = colors[shade];
  context.fillRect(x, y, keptWidth, height);
  context.fillStyle = colors.grown;
  context.fillRect(x + keptWidth, y, addedWidth, height);
  // Besides the colour, a bar along its foot: two greys are told apart, too.
  context.fillStyle = colors['grown-outline'];
  context.fillRect(x + keptWidth, y + height - 2, addedWidth, 2);
  hollow(rect, x + keptWidth + addedWidth, (removed / whole) * width);
}

/** What is not there any more, or is below zero. */
export function hollow({ context, colors, y, height }: Rect, x: number, width: number): void {
  if (width <= 0) return;
  context.fillStyle = colors.page;
  context.fillRect(x, y, width, height);
  context.strokeStyle = colors['free-outline'];
  context.lineWidth = 1;
  if (width < 3) {
    context.fillStyle = colors['free-outline'];
    context.fillRect(x, y, Math.min(1, width), height);
    return;
  }
  context.setLineDash([2, 2]);
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.setLineDash([]);
}

/** The procedures of the present instant. */
import { requireOperator } from '#main/console/context.ts';
import type { Frames } from '#main/console/frames.ts';
import { telling } from '#main/console/refusals.ts';
import { implementer } from './implementer.ts';

export function liveProcedures(frames: Frames) {
  const { live } = implementer;
  return {
    frame: live.frame.handler(({ input, signal }) => frames.next(input.cursor, signal)),
    disconnect: live.disconnect.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return { ended: frames.disconnect(input.lane) };
      }),
    ),
  };
}

/**
 * A demo in ten seconds: an object that is made up as it is read, and clients of the server's own that read it over
 * real HTTP. The slow ones show what the memory budget is for.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';

const demoStateSchema = z.object({
  /** Whether the object is there; its readers are gone when it is not. */
  isRunning: z.boolean(),
  isSlowClientOn: z.boolean(),
  isFastClientOn: z.boolean(),
  /** Where the object is, and how long. */
  url: z.string(),
  sizeBytes: z.number().int(),
});
export type DemoState = Readonly<z.infer<typeof demoStateSchema>>;

const switchInput = z.object({ on: z.boolean() });

export const demoContract = {
  state: oc.output(demoStateSchema),
  /** Serves the object, and has a client of ordinary speed read it. Operators only. */
  start: oc.output(demoStateSchema),
  /** Starts or ends clients that take what they are sent much more slowly than the store gives it. Operators only. */
  slowClient: oc.input(switchInput).output(demoStateSchema),
  /** Starts or ends the client of ordinary speed. Operators only. */
  fastClient: oc.input(switchInput).output(demoStateSchema),
  /** Ends the clients and takes the object away, from every level. Operators only. */
  stop: oc.output(demoStateSchema),
};

/** What a console's router is made of, for tests of one area: nobody asks the others. */
import { RequestLog } from '#main/telemetry/request-log.ts';
import type { Engine } from '#main/transfer/engine.ts';
import type { Demo } from './demo.ts';
import type { Frames } from './frames.ts';
import type { ConsoleSources } from './router.ts';
import type { ConsoleSettings } from './settings.ts';

export const unaskedSources: ConsoleSources = {
  frames: {} as Frames,
  engine: {} as Engine,
  demo: {} as Demo,
  settings: {} as ConsoleSettings,
  requests: new RequestLog(),
  url: () => {
    throw new Error('nobody asks for the address');
  },
  hello: () => {
    throw new Error('nobody says hello');
  },
};

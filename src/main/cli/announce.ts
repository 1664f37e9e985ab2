/** What `serve` says on standard output: sentences for people, or one JSON object a line for programs. */
import type { Writable } from 'node:stream';
import type { Config } from '#shared/config.ts';
import { formatBytes } from '#shared/units.ts';
import { version } from '#main/version.ts';

type ServeEvent =
  /** Always the first. */
  | { readonly event: 'listening'; readonly url: string; readonly console: string }
  | {
      readonly event: 'demo';
      readonly state: 'published' | 'present' | 'unavailable';
      readonly url?: string;
      readonly curl?: string;
      readonly reason?: string;
    }
  | { readonly event: 'stopping' };

export type Announce = (event: ServeEvent, config: Config) => void;

/** Writes each event to `output`. Nobody has to read it: a closed pipe does not end the server. */
export function announcer(format: 'json' | 'text', output: Writable): Announce {
  output.on('error', () => undefined);
  return (event, config) => {
    output.write(format === 'json' ? `${JSON.stringify(event)}\n` : inWords(event, config));
  };
}

function inWords(event: ServeEvent, config: Config): string {
  if (event.event === 'stopping') return 'Stopping: transfers get 10 s to end.\n';
  if (event.event === 'demo') return describeDemo(event);
  const store = config.store === 'embedded' ? 'embedded: in memory, empty at the next start' : config.store;
  return `Sluice ${version} listens on ${event.url}
  console  ${event.console}
  store    ${store}
  memory   ${formatBytes(config.memoryBudgetBytes)} at most, in chunks of ${formatBytes(config.chunkBytes)}
  data     ${config.dataDir}
`;
}

function describeDemo({ state, curl, reason }: ServeEvent & { readonly event: 'demo' }): string {
  if (state === 'unavailable') return `\nNote: ${reason}\n`;
  return `\nA range of the demo snapshot:\n  ${curl}\n`;
}

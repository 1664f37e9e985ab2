/** What `serve` says on standard output: sentences for people, or one JSON object a line for programs. */
import type { Writable } from 'node:stream';
import type { Config } from '#shared/config.ts';
import { formatBytes } from '#shared/units.ts';
import type { SluiceApp } from '#main/app.ts';
import { version } from '#main/version.ts';
import type { Role } from '#shared/vocabulary/live.ts';

type ServeEvent =
  /** Always the first. */
  | {
      readonly event: 'listening';
      readonly url: string;
      readonly console: string;
      /** Addresses that sign in, by role: at the first start that requires tokens, and never again. */
      readonly tokens?: Readonly<Record<Role, string>>;
    }
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
${describeTokens(event.tokens, config)}`;
}

/** The addresses that sign in, at a first start that requires tokens. */
export function signInLinks({ consoleUrl, firstTokens }: Pick<SluiceApp, 'consoleUrl' | 'firstTokens'>): {
  readonly tokens?: Readonly<Record<Role, string>>;
} {
  if (!firstTokens) return {};
  const { operator, viewer } = firstTokens;
  return { tokens: { operator: `${consoleUrl}#t=${operator}`, viewer: `${consoleUrl}#t=${viewer}` } };
}

function describeTokens(
  tokens: Readonly<Record<Role, string>> | undefined,
  { requireToken }: Config,
): string {
  if (tokens) {
    return `
Sign in with one of these; they are not shown again, and whoever has one has its role:
  operator ${tokens.operator}
  viewer   ${tokens.viewer}
`;
  }
  return requireToken ? '  tokens   required; "sluice token add" makes one\n' : '';
}

function describeDemo({ state, curl, reason }: ServeEvent & { readonly event: 'demo' }): string {
  if (state === 'unavailable') return `\nNote: ${reason}\n`;
  return `\nA range of the demo snapshot:\n  ${curl}\n`;
}

/** `requests`: what a running server has answered, in a filter's choice. */
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { exportRequests, followRequests, listRequests } from '#main/client/requests.ts';
import { quoted } from '#main/config/quoted.ts';
import { maxPageRows } from '#shared/contract/requests.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { parseFilter, underline, type FilterError } from '#shared/filter/filter.ts';
import { formatCount } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import { operatedServer, serverOption, tokenFileOption, wholeOption } from './options.ts';
import { describeRequest, requestTitles } from './request-list.ts';

interface RequestsFlags {
  readonly follow?: true;
  readonly json?: true;
  readonly har?: true;
  readonly limit?: number;
  readonly server?: URL;
  readonly tokenFile?: string;
}

const defaultLimit = 100;

const help = `
Terms beside each other must all hold; "or" separates choices, "-" excludes, ( ) group, and commas separate values.
Put the filter in quotes: the shell has plans of its own for > < ( ) | and *.

  status:206,4xx     the status, or all of a class
  object:repo-*      the object's name, with wildcards, from any of its parts on; without, any part of it
  client:10.1.*      the client's address        method:GET,HEAD      the method
  tier:store         the slowest level asked: memory, disk, store, none
  range:suffix       none, any, single, open, suffix, multi, ignored
  if-range:miss      match, miss, etag-match, etag-miss, date-match, date-miss, ignored, none
  condition:if-match the precondition that ended it
  complete:no        the connection ended before the whole answer was sent
  bytes>100MB        sent; also asked (promised) and size (of the object)
  ttfb>200ms         to the first byte; also dur (in all) and held (complete bytes that waited for the client)
  at:-5m..-1m        when it began: so long ago, or 2026-01-31T14:02:00Z
  word               anywhere in the object's name; quotes keep words together

Examples:
  sluice requests 'status:4xx,5xx -status:404 at:-1h'
  sluice requests --follow 'tier:store ttfb>200ms'
  sluice requests --har 'object:repo-* (range:multi or if-range:miss)' > requests.har`;

/** Adds the command to `program`. */
export function addRequestsCommand(program: Command): void {
  program
    .command('requests')
    .description('show the requests that a server has answered')
    .argument('[FILTER...]', 'which ones; all when there is none')
    .option('--follow', 'go on with those that come, until Ctrl-C')
    .option('--json', 'as lines of JSON')
    .option('--har', 'as HAR 1.2, for the developer tools of a browser')
    .addOption(
      wholeOption(
        '--limit <COUNT>',
        `the newest so many (default: ${defaultLimit}; with --json or --har all that are kept)`,
        [1, maxPageRows],
      ),
    )
    .addOption(serverOption())
    .addOption(tokenFileOption())
    // A term may begin with a minus; what looks like an option is refused below.
    .allowUnknownOption()
    .addHelpText('after', help)
    .action(requests);
}

async function requests(terms: readonly string[], flags: RequestsFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const { signal } = interrupt;
  const filter = checkedFilter(terms);
  if (flags.har && (flags.follow || flags.json))
    throw new SluiceError('INVALID_INPUT', `--har is a whole: allowed is --har without --follow and --json`);
  const server = operatedServer(flags, process.env);
  try {
    if (flags.har) await copy(server, 'har', filter, flags.limit, signal);
    else if (flags.json && !flags.follow) await copy(server, 'ndjson', filter, flags.limit, signal);
    else await show(server, filter, flags, signal);
  } catch (error) {
    // Whoever follows ends it so: that is no failure.
    if (!flags.follow || !isSluiceError(error, 'ABORTED')) throw error;
  }
}

/** @throws SluiceError INVALID_INPUT; what is wrong is underlined on standard error before */
function checkedFilter(terms: readonly string[]): string {
  const option = terms.find((term) => term.startsWith('--'));
  if (option !== undefined)
    throw new SluiceError(
      'INVALID_INPUT',
      `${quoted(option).slice(1, -1)} is not an option of "sluice requests": allowed are --follow, --json, --har, --limit, --server, --help`,
    );
  const text = terms.join(' ');
  const parsed = parseFilter(text);
  if (parsed.kind === 'filter') return text;
  process.stderr.write(pointed(text, parsed.errors));
  throw new SluiceError('INVALID_INPUT', `FILTER: ${parsed.errors[0]?.message}`);
}

/** The filter with carets under what is wrong; when that is several things, each with its sentence. */
function pointed(text: string, errors: readonly FilterError[]): string {
  const visible = text.replaceAll(/\p{Cc}/gu, ' ');
  const lines = [visible, underline(errors)];
  if (errors.length > 1)
    for (const error of errors) lines.push(`${' '.repeat(error.start)}^ ${error.message}`);
  return lines.map((line) => `  ${line}\n`).join('');
}

async function copy(
  server: URL,
  form: 'ndjson' | 'har',
  filter: string,
  limit: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  using answer = await exportRequests(server, form, { filter, limit }, signal);
  await pipeline(answer.body, process.stdout, { end: false });
}

async function show(server: URL, filter: string, flags: RequestsFlags, signal: AbortSignal): Promise<void> {
  const { json, follow, limit = defaultLimit } = flags;
  const page = await listRequests(server, filter, limit, signal);
  const write = async (text: string) => {
    if (!process.stdout.write(text)) await drained(signal);
  };
  if (!json) await write(page.requests.length > 0 || follow ? requestTitles : nothing(filter));
  for (const row of page.requests.toReversed())
    await write(json ? `${JSON.stringify(row)}\n` : describeRequest(row));
  if (!follow) {
    if (page.hasOlder && process.stdout.isTTY) await write(older(page.requests.length));
    return;
  }
  for await (const next of followRequests(server, filter, page.last, signal)) {
    if (json) await write(`${JSON.stringify(next)}\n`);
    else if ('missed' in next) await write(`… ${formatCount(next.missed)} requests went by unseen\n`);
    else await write(describeRequest(next));
  }
}

function nothing(filter: string): string {
  return filter === '' ? 'no requests yet\n' : 'no request passes this filter\n';
}

function older(count: number): string {
  return `these are the newest ${count}; --limit has more\n`;
}

/** Resolves when standard output takes more, or nobody reads it any more. */
function drained(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      process.stdout.off('drain', done);
      process.stdout.off('close', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    process.stdout.once('drain', done);
    process.stdout.once('close', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

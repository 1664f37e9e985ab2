/** `put`, `get`, `stat` and `delete`: objects of a running server. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { openFileSink } from '#main/client/file-sink.ts';
import { deleteObject, getObject, label, putObject, statObject } from '#main/client/server.ts';
import { parseGoDuration } from '#main/http/duration.ts';
import { SluiceError } from '#shared/errors.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';
import { listenForInterrupt } from './interrupt.ts';
import {
  operatedServer,
  type ServerFlags,
  serverOf,
  serverOption,
  tokenFileOption,
  ValueOption,
} from './options.ts';
import { counted, showProgress, summarize } from './progress.ts';

interface PutFlags extends ServerFlags {
  readonly ttl?: string;
  readonly header?: Readonly<Record<string, string>>;
}

/** Adds the four commands to `program`. */
export function addObjectCommands(program: Command): void {
  objectCommand(program, 'put', 'store a file, or standard input, as an object')
    .argument('[FILE]', 'what to store; - or nothing: standard input')
    .addOption(tokenFileOption())
    .addOption(ttlOption())
    .addOption(headerOption())
    .addHelpText(
      'after',
      '\nExamples:\n  sluice put builds app.tar dist/app.tar --ttl 72h\n  date | sluice put notes today',
    )
    .action(put);
  objectCommand(program, 'get', 'fetch an object into a file, or to standard output')
    .argument('[FILE]', 'where to put it, replaced when complete; - or nothing: standard output')
    .addHelpText('after', '\nExamples:\n  sluice get builds app.tar app.tar\n  sluice get notes today')
    .action(get);
  objectCommand(program, 'stat', 'show the header fields of an object')
    .addHelpText('after', '\nExample:\n  sluice stat builds app.tar')
    .action(show);
  objectCommand(program, 'delete', 'delete an object')
    .addOption(tokenFileOption())
    .addHelpText('after', '\nExample:\n  sluice delete builds app.tar')
    .action(remove);
}

function objectCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<NAMESPACE>', 'letters, digits, _ and -')
    .argument('<KEY>', 'any name')
    .addOption(serverOption());
}

function ttlOption(): ValueOption<string> {
  const allowed = 'a duration above zero, like 1h30m';
  return new ValueOption('--ttl <DURATION>', 'delete it after this time (default: never)', allowed, (text) =>
    (parseGoDuration(text) ?? 0) > 0 ? text : undefined,
  );
}

function headerOption(): ValueOption<Record<string, string>> {
  const allowed = '"Name: value"';
  const help = `header field to store and serve with it; may be repeated`;
  return new ValueOption('--header <FIELD>', help, allowed, (text, previous = {}) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]*)$/.exec(text) ?? [];
    return name !== undefined && value !== undefined
      ? { ...previous, [name.toLowerCase()]: value }
      : undefined;
  });
}

async function put(namespace: string, key: string, file: string | undefined, flags: PutFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  const { stream, bytes } = await sourceOf(file);
  const name = { namespace, key };
  using progress = showProgress(label(name));
  const options = { timeToLive: flags.ttl, headers: flags.header ?? {} };
  const stored = await putObject(server, name, counted(stream, progress, bytes), options, interrupt.signal);
  progress[Symbol.dispose]();
  process.stdout.write(`stored ${label(name)}: ${stored.bytes} bytes, ETag ${stored.etag ?? 'none'}\n`);
}

async function sourceOf(file: string | undefined) {
  if (file === undefined || file === '-') return { stream: process.stdin, bytes: undefined };
  const refuse = (why: string, cause?: unknown) =>
    new SluiceError(
      'INVALID_INPUT',
      `FILE ${quoted(file)} ${why}: allowed is a file that can be read, or -`,
      { cause },
    );
  const found = await stat(file).catch((error: unknown) => {
    throw refuse(`cannot be read (${systemReason(error)})`, error);
  });
  if (found.isDirectory()) throw refuse('is a folder');
  return { stream: createReadStream(file), bytes: found.isFile() ? found.size : undefined };
}

async function get(
  namespace: string,
  key: string,
  file: string | undefined,
  flags: ServerFlags,
): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = serverOf(flags.server, process.env);
  const name = { namespace, key };
  const toStandardOutput = file === undefined || file === '-';
  await using sink = toStandardOutput ? undefined : await openFileSink(file, 'FILE');
  const startedAt = performance.now();
  using answer = await getObject(server, name, interrupt.signal);
  const total = answer.headers['content-length'];
  // On a terminal, the object itself would be drawn over.
  using progress = sink || !process.stdout.isTTY ? showProgress(label(name)) : undefined;
  const body = progress
    ? counted(answer.body, progress, total === undefined ? total : Number(total))
    : answer.body;
  if (!sink) {
    await pipeline(body, process.stdout, { end: false });
    return;
  }
  let bytes = 0;
  for await (const piece of body) {
    await sink.write(piece, bytes);
    bytes += piece.length;
  }
  await sink.commit(bytes);
  progress?.[Symbol.dispose]();
  process.stdout.write(`${file}: ${summarize(bytes, performance.now() - startedAt)}\n`);
}

/** Fields that say something about the connection or the server, not about the object. */
const unrelated = new Set([
  'connection',
  'keep-alive',
  'date',
  'content-security-policy',
  'x-content-type-options',
]);

async function show(namespace: string, key: string, flags: ServerFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const headers = await statObject(serverOf(flags.server, process.env), { namespace, key }, interrupt.signal);
  const lines = Object.entries(headers).filter(([name]) => !unrelated.has(name));
  process.stdout.write(lines.map(([name, value]) => `${name}: ${String(value)}\n`).join(''));
}

async function remove(namespace: string, key: string, flags: ServerFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const name = { namespace, key };
  await deleteObject(operatedServer(flags, process.env), name, interrupt.signal);
  process.stdout.write(`deleted ${label(name)}\n`);
}

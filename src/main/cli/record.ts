/** `record`: recordings of a running server: what it keeps all the time, saved; and others, started and stopped. */
import type { Command } from 'commander';
import {
  getRecording,
  listRecordings,
  markRecording,
  saveRecording,
  startRecording,
  stopRecording,
} from '#main/client/recordings.ts';
import type { RecordingList, RecordingSummary } from '#shared/recording/model.ts';
import { formatBytes, formatDuration, parseDurationMs } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import { printable } from './job-progress.ts';
import { operatedServer, serverOption, tokenFileOption, ValueOption, type ServerFlags } from './options.ts';
import { requireNew, writeNew } from './write-new.ts';

interface NamedFlags extends ServerFlags {
  readonly name?: string;
  readonly note?: string;
}

interface SaveFlags extends NamedFlags {
  readonly last?: number;
  readonly output?: string;
}

interface ListFlags extends ServerFlags {
  readonly json?: true;
}

/** Adds the command and its parts to `program`. */
export function addRecordCommand(program: Command): void {
  const record = program.command('record').description('recordings of what a server does');
  named(record.command('save').description('save the last minutes of what the server records all the time'))
    .addOption(
      new ValueOption('--last <TIME>', 'so far back (default: all that is kept)', allowedTime, parseTime),
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExample:\n  sluice record save --last 5m --note "slow again" -o slow.sluicerec\n',
    )
    .action(save);
  onServer(record.command('list').description('show the recordings that are saved'))
    .option('--json', 'as one JSON object')
    .action(list);
  named(record.command('start').description('start a recording that goes on until it is stopped')).action(
    start,
  );
  onServer(record.command('stop').description('end and keep the recording that was started'))
    .addOption(outputOption())
    .action(stop);
  onServer(record.command('mark').description('note this instant in what is recorded'))
    .argument('[NOTE]', 'what happened', '')
    .action(mark);
  onServer(record.command('get').description('copy a recording into a file'))
    .argument('<ID>', 'as "sluice record list" shows it')
    .addOption(outputOption())
    .action(get);
}

const allowedTime = 'a time like 5m or 90s';

function parseTime(text: string): number | undefined {
  const milliseconds = parseDurationMs(text);
  return milliseconds !== undefined && milliseconds >= 1000 ? Math.round(milliseconds) : undefined;
}

function onServer(command: Command): Command {
  return command.addOption(serverOption()).addOption(tokenFileOption());
}

function named(command: Command): Command {
  return onServer(command)
    .addOption(new ValueOption('--name <NAME>', 'what to call it', 'a short text', (text) => text))
    .addOption(new ValueOption('--note <TEXT>', 'what it is about', 'a text', (text) => text));
}

function outputOption(): ValueOption<string> {
  const help = 'copy it into this new file as well';
  return new ValueOption('-o, --output <FILE>', help, 'a file that does not exist', (text) => text);
}

async function save({ last, name = '', note = '', output, ...flags }: SaveFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  if (output !== undefined) await requireNew(output);
  const lastMs = last === undefined ? {} : { lastMs: last };
  const saved = await saveRecording(server, { ...lastMs, name, note }, interrupt.signal);
  await tellSaved(server, saved, output, interrupt.signal);
}

async function stop({ output, ...flags }: ServerFlags & { readonly output?: string }): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  if (output !== undefined) await requireNew(output);
  await tellSaved(server, await stopRecording(server, interrupt.signal), output, interrupt.signal);
}

async function tellSaved(
  server: URL,
  saved: RecordingSummary,
  output: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  process.stdout.write(`saved ${describe(saved)}\n`);
  if (output !== undefined) await copy(server, saved.id, output, signal);
}

async function start({ name = '', note = '', ...flags }: NamedFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const server = operatedServer(flags, process.env);
  const { manual } = await startRecording(server, { name, note }, interrupt.signal);
  process.stdout.write(`recording ${manual?.id ?? ''}; "sluice record stop" ends it\n`);
}

async function mark(note: string, flags: ServerFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const { at } = await markRecording(operatedServer(flags, process.env), note, interrupt.signal);
  process.stdout.write(`marked ${new Date(at).toISOString()}\n`);
}

async function get(
  id: string,
  { output, ...flags }: ServerFlags & { readonly output?: string },
): Promise<void> {
  using interrupt = listenForInterrupt();
  await copy(operatedServer(flags, process.env), id, output ?? `${id}.sluicerec`, interrupt.signal);
}

/** Into a new file; what did not arrive whole is taken away. */
async function copy(server: URL, id: string, path: string, signal: AbortSignal): Promise<void> {
  using answer = await getRecording(server, id, signal);
  await writeNew(path, answer.body, signal);
  process.stdout.write(`copied to ${printable(path)}\n`);
}

async function list({ json, ...flags }: ListFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const known = await listRecordings(operatedServer(flags, process.env), interrupt.signal);
  process.stdout.write(json ? `${JSON.stringify(known)}\n` : describeList(known));
}

function describeList({ recordings, hidden, state, at }: RecordingList): string {
  const { isOn, firstAt, bytes, limitBytes } = state.rolling;
  const rolling = isOn
    ? `kept all the time: the last ${formatDuration(at - (firstAt ?? at))}, ${formatBytes(bytes)} of ${formatBytes(limitBytes)}`
    : 'nothing is kept all the time: --record-minutes is 0';
  const manual = state.manual ? [`recording ${state.manual.id}, ${formatBytes(state.manual.bytes)}`] : [];
  const saved = recordings.length > 0 ? recordings.map(describe) : ['no recording is saved'];
  const more = hidden > 0 ? [`and ${hidden} older ones`] : [];
  return `${[rolling, ...manual, ...saved, ...more].map(printable).join('\n')}\n`;
}

function describe({ id, firstAt, lastAt, bytes, name, note, isWhole }: RecordingSummary): string {
  const told = [name, note].filter((text) => text !== '').join(': ');
  const state = isWhole ? '' : '  cut off';
  return printable(
    `${id}  ${formatDuration(lastAt - firstAt)}  ${formatBytes(bytes)}${state}${told && `  ${told}`}`,
  );
}

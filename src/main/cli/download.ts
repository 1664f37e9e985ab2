/** `download`: the ranged client, against any HTTP server. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { openFileSink } from '#main/client/file-sink.ts';
import { KiB, MiB } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import { badValue, parseHttpUrl, sizeOption, ValueOption, wholeOption } from './options.ts';
import { showProgress, summarize } from './progress.ts';

interface DownloadFlags {
  readonly output: string;
  readonly chunkSize: number;
  readonly concurrency: number;
}

const help = `
Every range is pinned to the revision that the first answer named: when the object changes meanwhile, the download
fails and FILE stays as it was. A server without ranges or a strong ETag is read in one stream.

Fewer ranges are asked for at a time where more bring nothing. Memory is set aside for twice --concurrency of them, and
for four at least: 64 MiB with the defaults.

Example:
  sluice download http://127.0.0.1:7420/git/github.com/block/cachew/snapshot.tar.zst -o cachew.tar.zst`;

/** Adds the command to `program`. */
export function addDownloadCommand(program: Command): void {
  program
    .command('download')
    .description('download a URL in parallel ranges')
    .argument('<URL>', 'http:// or https:// URL')
    .addOption(
      new ValueOption('-o, --output <FILE>', 'where to put it, replaced when complete', 'a file', (text) =>
        text === '' ? undefined : text,
      ).makeOptionMandatory(),
    )
    .addOption(
      sizeOption('--chunk-size <SIZE>', 'bytes of one range', [64 * KiB, 64 * MiB]).default(8 * MiB, '8MiB'),
    )
    .addOption(wholeOption('--concurrency <NUMBER>', 'most ranges at a time', [1, 64]).default(4))
    .addHelpText('after', help)
    .action(run);
}

async function run(text: string, { output, chunkSize, concurrency }: DownloadFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  const url = parseHttpUrl(text);
  if (!url) throw badValue('URL', text, 'an http:// or https:// URL');
  await using sink = await openFileSink(output, '--output');
  // Only this command needs the engine; the others start faster without it.
  const { download } = await import('#main/client/download.ts');
  const startedAt = performance.now();
  using progress = showProgress(basename(output));
  const onProgress = (step: { readonly receivedBytes: number; readonly totalBytes: number | undefined }) =>
    progress.update(step.receivedBytes, step.totalBytes);
  const result = await download(
    url,
    sink,
    { chunkBytes: chunkSize, concurrency, onProgress },
    interrupt.signal,
  );
  await sink.commit(result.bytes);
  progress[Symbol.dispose]();
  const requests = result.requests === 1 ? '1 request' : `${result.requests} requests`;
  const lines = [`${output}: ${summarize(result.bytes, performance.now() - startedAt)}, ${requests}`];
  if (result.commit !== undefined) lines.push(`commit ${result.commit}`);
  if (result.bundleUrl !== undefined) lines.push(`bundle ${new URL(result.bundleUrl, url).href}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

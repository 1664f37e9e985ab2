/** `check`: what a server, ours or another, does with ranges and preconditions, and what RFC 9110 says of it. */
import type { Command } from 'commander';
import type { Check } from '#main/probe/checks/check.ts';
import { allChecks, checkServer } from '#main/probe/checks/suite.ts';
import { SluiceError } from '#shared/errors.ts';
import type { CheckedObject, CheckResult } from '#shared/lab-model.ts';
import { checkVerdicts } from '#shared/vocabulary/lab.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { listenForInterrupt } from './interrupt.ts';
import { printable } from './job-progress.ts';
import { badValue, parseHttpUrl, ValueOption } from './options.ts';

const help = `
Asks for an object in many ways and judges the answers: single, open and suffix ranges, several at a time, If-Range,
the four preconditions and their order, HEAD, 304, 416, connections used again. It only reads, at most a few MiB.

  fail  a MUST of the RFC is broken
  warn  a SHOULD is not followed, or less is served than clients can use
  none  it does not apply: the object is too small, or has no validator

Exit code 0 when every MUST holds, 1 when one is broken, 2 when the URL cannot be checked.

Examples:
  sluice check http://127.0.0.1:7420/git/github.com/owner/name/snapshot.tar.zst
  sluice check https://example.com/file --only 'if-*' --json
  sluice check --list`;

const checkOption = new ValueOption<readonly Check[]>(
  '--only <CHECK>',
  'run only this check, or these with a * at the end (may be repeated)',
  'an id of "sluice check --list", or its beginning and a *, like range-first-byte or if-*',
  (text, previous = []) => {
    const found = allChecks.filter(({ id }) =>
      text.endsWith('*') ? id.startsWith(text.slice(0, -1)) : id === text,
    );
    return found.length === 0 ? undefined : [...previous, ...found];
  },
);

interface Flags {
  readonly only?: readonly Check[];
  readonly json?: true;
  readonly list?: true;
}

/** Adds the command to `program`. */
export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .argument('[URL]', 'an object that a plain GET can read')
    .description('check what a server does with ranges and preconditions')
    .addOption(checkOption)
    .option('--json', 'write one JSON object at the end')
    .option('--list', 'list the checks and run none')
    .addHelpText('after', help)
    .action(async (url: string | undefined, { only, json, list }: Flags) => {
      const checks = allChecks.filter((check) => only === undefined || only.includes(check));
      if (list) {
        process.stdout.write(json ? `${JSON.stringify(checks.map(described))}\n` : listed(checks));
        return;
      }
      if (url === undefined || !parseHttpUrl(url)) {
        throw badValue('URL', url ?? '', 'the http:// or https:// URL of an object, or --list without one');
      }
      await check(url, checks, json ? 'json' : 'text');
    });
}

async function check(url: string, checks: readonly Check[], format: 'json' | 'text'): Promise<void> {
  using interrupt = listenForInterrupt();
  const results: CheckResult[] = [];
  let object: CheckedObject | undefined;
  const say = (text: string): void => void (format === 'text' && process.stdout.write(text));
  const progress = showProgress(checks.length);
  await checkServer(
    {
      url,
      // Whoever has a shell here can reach whatever this machine can.
      reach: { kind: 'everywhere' },
      checks,
      onObject: (found) => {
        object = found;
        say(objectLines(found));
      },
      onResult: (result) => {
        results.push(result);
        progress.clear();
        say(resultLines(result));
        progress.show(results.length);
      },
    },
    interrupt.signal,
  ).finally(() => progress.clear());
  const counts = Object.fromEntries(
    checkVerdicts.map((verdict) => [verdict, results.filter((result) => result.verdict === verdict).length]),
  );
  if (format === 'json') process.stdout.write(`${JSON.stringify({ object, counts, results })}\n`);
  say(`\n${checkVerdicts.map((verdict) => `${counts[verdict]} ${verdict}`).join(', ')}\n`);
  const failed = counts['fail'] ?? 0;
  if (failed > 0) throw new SluiceError('PROCESS_FAILED', `${failed} of ${results.length} checks failed`);
}

function objectLines({ url, address, server, length, etag, lastModified }: CheckedObject): string {
  const size =
    length === undefined ? 'of unknown length' : `${formatBytes(length)} (${formatCount(length)} bytes)`;
  const facts = [
    size,
    etag === undefined ? 'no ETag' : `ETag ${etag}`,
    lastModified === undefined ? 'no Last-Modified' : `last modified ${lastModified}`,
    `at ${address}${server === undefined ? '' : `, ${server}`}`,
  ];
  return `${printable(url)}\n  ${printable(facts.join(' · '))}\n\n`;
}

const words = { pass: 'pass', fail: 'fail', warn: 'warn', 'not applicable': 'none' } as const;
const idWidth = Math.max(...allChecks.map(({ id }) => id.length));

/** One line for what passes; for the rest also what came, the section and what reproduces it. */
function resultLines({ id, title, section, level, verdict, sentence, curl }: CheckResult): string {
  const line = `${words[verdict]}  ${level.padEnd(6)}  ${id.padEnd(idWidth)}  ${title}\n`;
  const indent = ' '.repeat(14);
  if (verdict === 'pass') return line;
  const why = `${line}${indent}${printable(sentence)}\n`;
  return verdict === 'not applicable' ? why : `${why}${indent}${section}: ${printable(curl)}\n`;
}

function listed(checks: readonly Check[]): string {
  return checks
    .map(
      ({ id, level, section, title }) => `${level.padEnd(6)}  ${id.padEnd(idWidth)}  ${title} (${section})\n`,
    )
    .join('');
}

function described({ id, level, section, title }: Check) {
  return { id, level, section, title };
}

/** Which of how many, on a terminal. */
function showProgress(total: number) {
  const { stderr } = process;
  const write = (text: string): void => void (stderr.isTTY && stderr.write(text));
  const clearLine = '\r\u001B[K';
  return {
    show: (done: number) => write(`${clearLine}${done} of ${total} checks`),
    clear: () => write(clearLine),
  };
}

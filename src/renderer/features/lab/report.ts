/** A run of the checks as a document: for a ticket, a page, or a program. */
import type { CheckResult, CheckRun } from '#shared/lab-model.ts';
import { checkVerdicts } from '#shared/vocabulary/lab.ts';
import { saveFile } from '../../ui/save-file.ts';

export const reportFormats = ['JSON', 'Markdown', 'HTML'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface Report {
  readonly fileName: string;
  readonly type: string;
  readonly text: string;
}

export function reportOf(run: CheckRun, format: ReportFormat): Report {
  const name = `range-checks-${hostOf(run.url)}`;
  if (format === 'JSON') {
    return {
      fileName: `${name}.json`,
      type: 'application/json',
      text: `${JSON.stringify(run, undefined, 2)}\n`,
    };
  }
  return format === 'Markdown'
    ? { fileName: `${name}.md`, type: 'text/markdown', text: markdown(run) }
    : { fileName: `${name}.html`, type: 'text/html', text: html(run) };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replaceAll(/[^A-Za-z0-9.-]+/g, '-') : 'server';
}

/** `68 pass, 1 fail, 2 warn, 2 not applicable`. */
function countWords(results: readonly CheckResult[]): string {
  return checkVerdicts
    .map((verdict) => `${results.filter((result) => result.verdict === verdict).length} ${verdict}`)
    .join(', ');
}

function facts({ object, startedAt, results, total }: CheckRun): readonly string[] {
  const { length, etag, lastModified, address, server } = object ?? {};
  return [
    `checked ${new Date(startedAt).toISOString()}`,
    ...(address === undefined ? [] : [`address ${address}`]),
    ...(server === undefined ? [] : [`server ${server}`]),
    ...(length === undefined ? [] : [`${length} bytes`]),
    ...(etag === undefined ? [] : [`ETag ${etag}`]),
    ...(lastModified === undefined ? [] : [`Last-Modified ${lastModified}`]),
    results.length === total
      ? countWords(results)
      : `${countWords(results)}; ${results.length} of ${total} done`,
  ];
}

/** What would end a cell or begin markup, made harmless. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_|<>[\]]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');
}

function markdown(run: CheckRun): string {
  const rows = run.results.map(
    ({ verdict, level, title, id, section, sentence }) =>
      `| ${verdict} | ${level} | ${cell(title)} (${id}) | ${section} | ${cell(sentence)} |`,
  );
  const broken = run.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const lines = broken.map(({ id, curl }) => `# ${id}\n${curl.replaceAll('```', '` ` `')}`);
  return [
    `# Ranges and preconditions of ${cell(run.url)}`,
    '',
    ...facts(run).map((fact) => `- ${cell(fact)}`),
    '',
    '| Verdict | Level | Check | Section | What came |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...(lines.length === 0 ? [] : ['What reproduces the rest:', '', '```sh', ...lines, '```', '']),
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

function html(run: CheckRun): string {
  const rows = run.results.map(
    ({ verdict, level, title, id, section, sentence, curl }) =>
      `<tr><td>${verdict}</td><td>${level}</td><td>${escaped(title)}<br><code>${id}</code></td><td>${section}</td>` +
      `<td>${escaped(sentence)}<br><code>${escaped(curl)}</code></td></tr>`,
  );
  const style =
    'body{font:14px/20px system-ui;margin:32px}table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;' +
    'padding:4px 12px 4px 0;text-align:left;vertical-align:top}code{font-size:12px}';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Ranges and preconditions of ${escaped(run.url)}</title><style>${style}</style></head>
<body><h1>Ranges and preconditions of ${escaped(run.url)}</h1>
<ul>${facts(run)
    .map((fact) => `<li>${escaped(fact)}</li>`)
    .join('')}</ul>
<table><thead><tr><th>Verdict</th><th>Level</th><th>Check</th><th>Section</th><th>What came</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></body></html>
`;
}

/** Saves a document, as a browser does. */
export function saveReport({ fileName, type, text }: Report): void {
  saveFile(new Blob([text], { type }), fileName);
}

/**
 * The page in a bundle: what happened, at a glance, in any browser and without Sluice. One file, no scripts, nothing
 * loaded. Everything that came from outside is escaped.
 */
import type { Alert } from '#shared/alert-model.ts';
import type { LedgerReading } from '#shared/ledger-model.ts';
import type { RecordingHeader } from '#shared/recording/records.ts';
import { formatBytes, formatCount, formatDuration } from '#shared/units.ts';
import { memoryCurve } from './curve.ts';
import type { Digest } from './digest.ts';
import type { SettingFact } from './facts.ts';
import { heldSections } from './held.ts';
import { escaped, raw, render, table, utc, type Markup } from './markup.ts';
import { alertRuleFacts } from '#shared/vocabulary/alerts.ts';

export interface SummaryFacts {
  readonly header: RecordingHeader;
  readonly digest: Digest;
  readonly note: string;
  readonly settings: readonly SettingFact[];
  /** Files in the bundle beside this one. */
  readonly files: readonly { readonly name: string; readonly about: string }[];
  /** Those of the files that are profiles. */
  readonly profiles: readonly { readonly name: string; readonly sentence: string }[];
  /** The ledger when the bundle was made. */
  readonly ledgerNow: LedgerReading;
  readonly redactions: readonly string[];
  readonly createdAt: number;
}

/** The page as text. */
export function summaryPage(facts: SummaryFacts): string {
  const { header, digest, note, createdAt } = facts;
  const { server } = header;
  const title = header.name === '' ? 'Incident' : header.name;
  const span = `${utc(digest.firstAt)} – ${utc(digest.lastAt)} (${formatDuration(digest.lastAt - digest.firstAt)})`;
  return render`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title} · Sluice</title>
<style>${raw(style)}</style>
</head>
<body>
<header><h1>${title}</h1>
<p>${span}</p>
<p class="quiet">${server.url} on ${server.host} · store ${server.store} · Sluice ${server.version} · bundle made ${utc(createdAt)}</p>
</header>
${note === '' ? '' : render`<section><h2>Notes</h2><p class="note">${note}</p></section>`}
<section><h2>Memory</h2>
${memoryCurve(digest)}
<p class="quiet">${memorySentence(digest)}</p>
</section>
<section><h2>Alerts</h2>${alertTable(digest.alerts)}</section>
${marksOf(digest)}
${heldSections(digest.fullest, facts.ledgerNow)}
<section><h2>Transfers when they held most, ${utc(digest.peak.at)}</h2>${holderTable(digest)}</section>
<section><h2>Profiles: what has the most</h2>${profileTable(facts)}</section>
<section><h2>Requests that ended</h2>${statusTable(digest)}</section>
<section><h2>Settings</h2>${settingTable(facts.settings)}</section>
<section><h2>Files in this bundle</h2>${fileList(facts)}</section>
<section><h2>What was taken out</h2>${list(facts.redactions)}</section>
</body>
</html>
`.text;
}

function memorySentence({ frames, droppedFrames, damaged, budgetBytes, curve }: Digest): string {
  const peak = Math.max(0, ...curve.map(({ ledgerBytes }) => ledgerBytes));
  const judged =
    peak > budgetBytes
      ? 'The ledger passed the budget: a bug of Sluice.'
      : 'The ledger stayed within the budget.';
  const gaps = [
    ...(droppedFrames > 0 ? [`${formatCount(droppedFrames)} frames were left out`] : []),
    ...(damaged > 0 ? [`${formatCount(damaged)} places are damaged and were skipped`] : []),
  ];
  const end = gaps.length > 0 ? ` ${gaps.join('; ')}.` : '';
  return `${judged} Peak ${formatBytes(peak)} of ${formatBytes(budgetBytes)}, in ${formatCount(frames)} frames.${end}`;
}

function alertTable(alerts: readonly Alert[]): Markup {
  if (alerts.length === 0) return render`<p>None in this time.</p>`;
  return table(
    ['Fired', 'Over', 'Rule', 'What'],
    alerts.map(({ at, resolvedAt, rule, text }) => [
      utc(at),
      resolvedAt === undefined ? '–' : utc(resolvedAt),
      alertRuleFacts[rule].label,
      text,
    ]),
  );
}

function marksOf({ marks }: Digest): Markup | '' {
  if (marks.length === 0) return '';
  const rows = marks.map(({ at, note }) => [utc(at), note]);
  return render`<section><h2>Marks</h2>${table(['At', 'Note'], rows)}</section>`;
}

function holderTable({ peak }: Digest): Markup {
  if (peak.holders.length === 0) return render`<p>There was no transfer.</p>`;
  return table(
    ['Client', 'Object', 'Held', 'Took nothing for', 'Because'],
    peak.holders.map(({ client, object, heldBytes, blockedMs, diagnosis }) => [
      client,
      object,
      formatBytes(heldBytes),
      formatDuration(blockedMs),
      diagnosis,
    ]),
  );
}

function profileTable({ profiles }: SummaryFacts): Markup {
  const rows = profiles
    .filter(({ sentence }) => sentence !== '')
    .map(({ name, sentence }) => [name, sentence]);
  return rows.length === 0 ? render`<p>None.</p>` : table(['File', 'What has the most'], rows);
}

function statusTable({ statuses, missedRequests }: Digest): Markup {
  if (statuses.size === 0) return render`<p>None.</p>`;
  const rows = [...statuses].map(([status, { count, sentBytes }]) => [
    String(status),
    formatCount(count),
    formatBytes(sentBytes),
  ]);
  const missed =
    missedRequests > 0
      ? render`<p class="quiet">${formatCount(missedRequests)} more went by unrecorded.</p>`
      : '';
  return render`${table(['Status', 'Requests', 'Sent'], rows)}${missed}`;
}

function settingTable(settings: readonly SettingFact[]): Markup {
  return table(
    ['Setting', 'Value', 'From'],
    settings.map(({ name, value, origin, provenance }) => [
      name,
      value === '' ? '–' : value,
      provenance === 'default' ? 'default' : origin,
    ]),
  );
}

function fileList({ files }: SummaryFacts): Markup {
  return table(
    ['File', 'What it is'],
    files.map(({ name, about }) => [name, about]),
  );
}

function list(sentences: readonly string[]): Markup {
  return render`<ul>${raw(sentences.map((text) => `<li>${escaped(text)}</li>`).join(''))}</ul>`;
}

const style = `
:root { color-scheme: light dark; --text: light-dark(#161b22, #e6eaf0); --quiet: light-dark(#626d7c, #7f8a99);
  --line: light-dark(#dfe4ea, #222933); --page: light-dark(#fafbfc, #0e1116); --held: light-dark(#b86e00, #f5a800);
  --alarm: light-dark(#b3201a, #ff8085); --heap: light-dark(#6b7583, #6e7888); }
body { margin: 24px auto; padding: 0 24px; max-width: 1080px; background: var(--page); color: var(--text);
  font: 13px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 20px; margin: 0; } h2 { font-size: 13px; margin: 32px 0 8px; }
header p { margin: 4px 0; } .quiet { color: var(--quiet); } .note { white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; font-size: 12px; } table + table { margin-top: 16px; }
th { text-align: left; font-weight: 500; color: var(--quiet); }
th, td { padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--quiet); font-size: 11px; }
.ledger { fill: var(--held); } .rss { fill: none; stroke: var(--text); stroke-width: 1.5; }
.heap { fill: none; stroke: var(--heap); stroke-width: 1; } .budget { stroke: var(--text); stroke-dasharray: 6 4; }
.alert { stroke: var(--alarm); } .mark { stroke: var(--quiet); stroke-dasharray: 2 2; } .axis { stroke: var(--line); }
@media print { :root { color-scheme: light; } body { margin: 0; padding: 0; max-width: none; background: none; }
  svg { print-color-adjust: exact; } h2 { break-after: avoid; } tr, svg { break-inside: avoid; } }
`;

/** Tables of profiles for a terminal. */
import { SluiceError } from '#shared/errors.ts';
import { callout, formatShare, formatValue } from '#shared/profile/callout.ts';
import { commonTypes, compare } from '#shared/profile/compare.ts';
import type { Profile, SampleType } from '#shared/profile/profile.ts';
import type { SnapshotSummary } from '#shared/profile/snapshot.ts';
import { top } from '#shared/profile/top.ts';
import { formatBytes, formatCount } from '#shared/units.ts';

export interface ShowFlags {
  /** The file's own default, unless given. */
  readonly type?: string;
  readonly limit: number;
}

/** The functions with the most, under the sentence. @throws SluiceError INVALID_INPUT when it has no such type */
export function showTop(profile: Profile, { type, limit }: ShowFlags): string {
  const chosen = chosenType(profile.sampleTypes, type) ?? profile.sampleTypes[profile.defaultType];
  const index = chosen ? profile.sampleTypes.indexOf(chosen) : 0;
  const unit = chosen?.unit ?? '';
  const { rows, whole } = top(profile, index);
  const sentence = callout(profile, index)?.sentence ?? `no function has any ${chosen?.type ?? 'values'}`;
  const table = rows
    .slice(0, limit)
    .map(({ name, flat, cum }) => [
      formatValue(flat, unit),
      shareOf(flat, whole),
      formatValue(cum, unit),
      shareOf(cum, whole),
      name,
    ]);
  return `${sentence}\n${lined(['FLAT', '', 'CUM', '', 'FUNCTION'], table)}${more(rows.length, limit)}`;
}

/** Constructors with the most, of a heap snapshot. */
export function showConstructors(snapshot: SnapshotSummary, { limit }: ShowFlags): string {
  const { constructors, objects, totalBytes } = snapshot;
  const table = constructors
    .slice(0, limit)
    .map(({ name, count, selfBytes, retainedBytes }) => [
      formatBytes(selfBytes),
      formatBytes(retainedBytes),
      formatCount(count),
      name,
    ]);
  const head = `${formatCount(objects)} objects, ${formatBytes(totalBytes)}\n`;
  return `${head}${lined(['SELF', 'RETAINED', 'COUNT', 'CONSTRUCTOR'], table)}${more(constructors.length, limit)}`;
}

/** What has changed most. @throws SluiceError INVALID_INPUT when they have no such type in common */
export function showComparison(before: Profile, after: Profile, { type, limit }: ShowFlags): string {
  const types = commonTypes(before, after);
  const own = before.sampleTypes[before.defaultType];
  const chosen = chosenType(types, type) ?? types.find((each) => each.type === own?.type) ?? types[0];
  if (!chosen) throw new SluiceError('INVALID_INPUT', 'these two profiles have no sample type in common');
  const { rows, totalBefore, totalAfter } = compare({ profile: before }, { profile: after }, chosen);
  const changed = rows.filter(({ deltaFlat, deltaCum }) => deltaFlat !== 0 || deltaCum !== 0);
  const { unit } = chosen;
  const value = (number: number) => formatValue(number, unit);
  const table = changed
    .slice(0, limit)
    .map((row) => [
      signed(row.deltaFlat, unit),
      value(row.before.flat),
      value(row.after.flat),
      row.presence === 'both' ? '' : row.presence,
      row.name,
    ]);
  const head = `${chosen.type}: ${value(totalBefore)} before, ${value(totalAfter)} after, ${signed(totalAfter - totalBefore, unit)}\n`;
  return `${head}${lined(['DELTA', 'BEFORE', 'AFTER', '', 'FUNCTION'], table)}${more(changed.length, limit)}`;
}

function chosenType(types: readonly SampleType[], name: string | undefined): SampleType | undefined {
  if (name === undefined) return undefined;
  const found = types.find(({ type }) => type === name);
  if (found) return found;
  const allowed = types.map(({ type }) => type).join(', ');
  throw new SluiceError('INVALID_INPUT', `--type ${JSON.stringify(name)}: allowed is ${allowed}`);
}

function shareOf(value: number, whole: number): string {
  return whole === 0 ? '' : formatShare(value / whole);
}

function signed(value: number, unit: string): string {
  return `${value > 0 ? '+' : ''}${formatValue(value, unit)}`;
}

function more(rows: number, limit: number): string {
  return rows > limit ? `… ${formatCount(rows - limit)} more; --limit has them\n` : '';
}

/** Columns to the right but the last, which may have anything but what a terminal would obey. */
function lined(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === row.length - 1 ? cell.replaceAll(/\p{Cc}/gu, ' ') : cell.padStart(widths[column] ?? 0),
      );
      return `${cells.join('  ')}\n`;
    })
    .join('');
}

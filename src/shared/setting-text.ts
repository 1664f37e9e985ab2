/** The values of settings as people write them: what a flag takes, help shows and the form edits. */
import { settings, type Setting, type SettingName } from './config.ts';
import { formatExactBytes, formatExactDuration } from './units.ts';

/** The value as text that the setting's schema takes back; empty for one that is not set. */
export function settingText(name: SettingName, value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map(memberText).join('\n');
  if (typeof value === 'string' || typeof value === 'boolean') return `${value}`;
  if (typeof value !== 'number') throw new TypeError(`${name} is no setting that people write`);
  if (name.endsWith('Bytes')) return formatExactBytes(value);
  return name.endsWith('Ms') ? formatExactDuration(value) : String(value);
}

/** A rule is an object that remembers how it was written. */
function memberText(member: unknown): string {
  return typeof member === 'object' && member !== null && 'text' in member
    ? String(member.text)
    : String(member);
}

export type CheckedText =
  | { readonly kind: 'value'; readonly value: unknown }
  /** Nothing was written: what is not set has its default. */
  | { readonly kind: 'unset' }
  /** `allowed` says in words what would do. */
  | { readonly kind: 'wrong'; readonly allowed: string };

/** Checks text by the schema that also checks flags, environment and files. */
export function checkSettingText(name: SettingName, text: string): CheckedText {
  const setting: Setting = settings[name];
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'unset' };
  const result = setting.schema.safeParse(trimmed);
  return result.success ? { kind: 'value', value: result.data } : { kind: 'wrong', allowed: setting.allowed };
}

import { describe, expect, it } from 'vitest';
import { settings, type Setting, type SettingName } from './config.ts';
import { checkSettingText, settingText } from './setting-text.ts';

const all = Object.entries<Setting>(settings) as [SettingName, Setting][];

describe('the text of a setting', () => {
  it.each(all.filter(([, { fallback }]) => fallback !== undefined && !Array.isArray(fallback)))(
    '%s: its default comes back from its text',
    (name, { fallback }) => {
      expect(checkSettingText(name, settingText(name, fallback))).toEqual({ kind: 'value', value: fallback });
    },
  );

  it('has a line for each rule, as it was written', () => {
    const text = 'https://github.com/block/*\nhttps://git.example/a=file:///srv/a';
    const checked = checkSettingText('repositories', text);
    expect(checked.kind === 'value' && settingText('repositories', checked.value)).toBe(text);
  });

  it('is empty for what is not set, and nothing is then what is set', () => {
    expect(settingText('s3Region', undefined)).toBe('');
    expect(checkSettingText('window', '  ')).toEqual({ kind: 'unset' });
  });

  it.each([
    ['window', '65'],
    ['chunkBytes', '100KiB'],
    ['port', 'http'],
    ['store', 'ftp://x'],
    ['memoryBudgetBytes', 'lots'],
  ] as const)('%s %s is wrong, and what is allowed is said', (name, text) => {
    expect(checkSettingText(name, text)).toEqual({ kind: 'wrong', allowed: settings[name].allowed });
  });
});

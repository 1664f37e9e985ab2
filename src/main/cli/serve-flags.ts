/** The flags of `serve`, made from the table of settings; the desktop entry takes the same. */
import { Command, Option } from 'commander';
import type { FlagValues } from '#main/config/load.ts';
import { settings, type Setting, type SettingName } from '#shared/config.ts';
import { settingText } from '#shared/setting-text.ts';
import { ValueOption } from './options.ts';
import { refuseInOneLine } from './refusals.ts';

const entries = Object.entries(settings) as readonly (readonly [SettingName, Setting])[];

/** These may be given more than once. */
const lists: ReadonlySet<SettingName> = new Set<SettingName>([
  'repositories',
  'allowHosts',
  'trustedProxies',
]);

/**
 * Sluice's flags in `argv` (without the program's name), as text; `loadConfig` checks the values.
 * @throws SluiceError INVALID_INPUT for what is not a flag of `serve`
 */
export function parseServeFlags(argv: readonly string[]): FlagValues {
  const command = refuseInOneLine(addSettings(new Command('sluice'))).helpOption(false);
  command.action(() => undefined).parse(argv, { from: 'user' });
  return flagValuesOf(command);
}

/** Adds an option for each setting, and `--config`. */
export function addSettings(command: Command): Command {
  for (const [name, setting] of entries) command.addOption(toOption(name, setting));
  const help = 'JSON file of settings, by their names in the configuration (SLUICE_CONFIG)';
  return command.addOption(
    new ValueOption('--config <FILE>', help, 'a JSON file of settings', (text) => text),
  );
}

/** What was given on the command line; nothing for what was not. */
export function flagValuesOf(command: Command): FlagValues {
  const given = (key: string) => command.getOptionValueSource(key) === 'cli';
  const flags = entries.flatMap(([name, setting]) => {
    const key = toOption(name, setting).attributeName();
    return given(key) ? [[name, command.getOptionValue(key)] as const] : [];
  });
  const config: unknown = command.getOptionValue('config');
  return { ...Object.fromEntries(flags), ...(typeof config === 'string' && { config }) };
}

function toOption(name: SettingName, { flag, argument, env, help, allowed, fallback }: Setting): Option {
  const shown = describeFallback(name, fallback);
  const standard = argument && shown !== undefined ? `, default ${shown}` : '';
  const text = `${help} (${env}${standard})`;
  if (argument === undefined) return new Option(`--${flag}`, text);
  return new ValueOption(`--${flag} <${argument}>`, text, allowed, (value, previous?: string) =>
    lists.has(name) && previous !== undefined ? `${previous} ${value}` : value,
  );
}

function describeFallback(name: SettingName, fallback: unknown): string | undefined {
  return fallback === undefined || Array.isArray(fallback) ? undefined : settingText(name, fallback);
}

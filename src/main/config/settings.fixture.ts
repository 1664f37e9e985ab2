/** Settings of a test: given as they are, with nothing on the disk. */
import { settings, type Config, type SettingName } from '#shared/config.ts';
import type { LoadedConfig, Origin } from './load.ts';
import type { SavedSettings, SettingsSource } from './settings-source.ts';

export function fixedSettings(config: Config): SettingsSource {
  const origin: Origin = { provenance: 'flag', name: 'given by the test' };
  const origins = Object.fromEntries(Object.keys(settings).map((name) => [name, origin])) as Record<
    SettingName,
    Origin
  >;
  const loaded: LoadedConfig = { config, origins };
  let kept: SavedSettings = {};
  return {
    loaded,
    saved: () => kept,
    withSaved: () => loaded,
    save: async (saved) => {
      kept = saved;
    },
  };
}

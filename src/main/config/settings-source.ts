/** The settings in force, and what they would come to if something else were saved in the console. */
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, savedSettingsPath, type ConfigSources, type LoadedConfig } from './load.ts';

/** What was saved, by name; values are text as people write it. */
export type SavedSettings = Readonly<Record<string, string>>;

export interface SettingsSource {
  /** In force since the start. */
  readonly loaded: LoadedConfig;
  /** What lies in the data folder now. */
  saved(): SavedSettings;
  /** What the next start would come to with these. @throws SluiceError INVALID_INPUT in a sentence */
  withSaved(saved: SavedSettings): LoadedConfig;
  /** Keeps them for the next start: whole or not at all. @throws the system's error */
  save(saved: SavedSettings): Promise<void>;
}

/** Reads everything as `loadConfig` does. @throws SluiceError INVALID_INPUT */
export function openSettings(sources: ConfigSources): SettingsSource {
  const loaded = loadConfig(sources);
  const path = savedSettingsPath(loaded.config.dataDir);
  return {
    loaded,
    saved: () => readSaved(path),
    withSaved: (saved) => loadConfig({ ...sources, saved }),
    save: (saved) => writeWhole(path, `${JSON.stringify(saved, null, 2)}\n`),
  };
}

function readSaved(path: string): SavedSettings {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Nothing was saved; a file that somebody broke meanwhile stops the next start, with its name.
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
}

/** Under another name first: whoever reads it meanwhile, or after a crash, sees the old file or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  const incoming = join(path, '..', `.settings-${process.pid}.incoming`);
  try {
    await using file = await open(incoming, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
    await rename(incoming, path);
  } catch (error) {
    await rm(incoming, { force: true });
    throw error;
  }
}

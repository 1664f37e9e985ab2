/** The settings as consoles see and change them. */
import { checkSettingText, settingText } from '#shared/setting-text.ts';
import { settings, type Config, type Setting, type SettingName } from '#shared/config.ts';
import type { SettingsState, SettingState } from '#shared/contract/settings.ts';
import { SluiceError } from '#shared/errors.ts';
import { savable, savedSettingsPath, type LoadedConfig } from '#main/config/load.ts';
import type { SavedSettings, SettingsSource } from '#main/config/settings-source.ts';
import type { ConsoleContext } from './context.ts';

const names = Object.keys(settings) as readonly SettingName[];

export type SettingChanges = Readonly<Partial<Record<SettingName, string | null>>>;

/** Puts into force at once what can be. */
export type ApplySettings = (config: Config) => void;

export class ConsoleSettings {
  readonly #source: SettingsSource;
  readonly #apply: ApplySettings;
  /** In force: as loaded, with what was applied since. */
  #current: LoadedConfig;
  #saving: Promise<void> = Promise.resolve();

  constructor(source: SettingsSource, apply: ApplySettings) {
    this.#source = source;
    this.#apply = apply;
    this.#current = source.loaded;
  }

  state({ desktop }: Pick<ConsoleContext, 'desktop'>): SettingsState {
    const saved = this.#source.saved();
    const next = this.#next(saved);
    const defaults = this.#source.withSaved({});
    return {
      settings: names.map((name) => this.#stateOf(name, saved, next, defaults)),
      path: savedSettingsPath(this.#current.config.dataDir),
      canRestart: desktop?.restart !== undefined,
    };
  }

  /** In force now, and where each came from. */
  get inForce(): LoadedConfig {
    return this.#current;
  }

  /** One at a time. @throws SluiceError INVALID_INPUT when a value, or all together, cannot be */
  async save(changes: SettingChanges): Promise<void> {
    const before = this.#saving;
    const work = (async () => {
      await before.catch(() => undefined);
      await this.#save(changes);
    })();
    this.#saving = work;
    await work;
  }

  async #save(changes: SettingChanges): Promise<void> {
    const saved = merge(this.#source.saved(), changes);
    const next = this.#source.withSaved(saved);
    await this.#source.save(saved);
    const applied = names.filter((name) => (settings[name] as Setting).applies === 'now');
    const pick = <T>(from: Readonly<Record<SettingName, T>>) =>
      Object.fromEntries(applied.map((name) => [name, from[name]]));
    const config = {
      ...this.#current.config,
      ...pick(next.config as Readonly<Record<SettingName, unknown>>),
    };
    this.#current = { config, origins: { ...this.#current.origins, ...pick(next.origins) } };
    this.#apply(config);
  }

  /** What somebody broke by hand is what is in force: the next start says what is wrong with it. */
  #next(saved: SavedSettings): LoadedConfig {
    try {
      return this.#source.withSaved(saved);
    } catch {
      return this.#current;
    }
  }

  #stateOf(
    name: SettingName,
    saved: SavedSettings,
    next: LoadedConfig,
    defaults: LoadedConfig,
  ): SettingState {
    const value = settingText(name, this.#current.config[name]);
    const nextValue = settingText(name, next.config[name]);
    const { provenance, name: origin } = this.#current.origins[name];
    const isDefault = defaults.origins[name].provenance === 'default';
    return {
      name,
      value,
      provenance,
      origin,
      fallback: isDefault
        ? settingText(name, defaults.config[name])
        : settingText(name, (settings[name] as Setting).fallback),
      ...(saved[name] === undefined ? {} : { saved: saved[name] }),
      ...(nextValue === value ? {} : { next: nextValue }),
    };
  }
}

function merge(saved: SavedSettings, changes: SettingChanges): SavedSettings {
  const merged: Record<string, string> = { ...saved };
  for (const [name, text] of Object.entries(changes) as [SettingName, string | null][]) {
    if (!savable.some((each) => each === name)) {
      throw new SluiceError(
        'INVALID_INPUT',
        `${name} is not saved here: give it as a flag (--${settings[name].flag})`,
      );
    }
    const checked = text === null ? ({ kind: 'unset' } as const) : checkSettingText(name, text);
    if (checked.kind === 'wrong') {
      throw new SluiceError(
        'INVALID_INPUT',
        `${name} ${JSON.stringify(text)}: allowed is ${checked.allowed}`,
      );
    }
    if (checked.kind === 'unset') delete merged[name];
    else merged[name] = String(text).trim();
  }
  return merged;
}

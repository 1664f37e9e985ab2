/** Settings: what is in force and where it came from, and what is kept for the next start. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { provenances, settings, type SettingName } from '#shared/config.ts';

const names = Object.keys(settings) as [SettingName, ...SettingName[]];

const settingStateSchema = z.object({
  name: z.enum(names),
  /** In force, as people write it; empty when it is not set. */
  value: z.string(),
  provenance: z.enum(provenances),
  /** As whoever set it wrote it: `--port`, `SLUICE_PORT`, `port in /etc/sluice.json`. */
  origin: z.string(),
  /** What holds when nobody sets it; empty when that is nothing. */
  fallback: z.string(),
  /** What was saved in the console; it holds unless a file, the environment or a flag says otherwise. */
  saved: z.string().optional(),
  /** What the next start would come to; absent when that is what is in force. */
  next: z.string().optional(),
});
export type SettingState = Readonly<z.infer<typeof settingStateSchema>>;

const settingsStateSchema = z.object({
  settings: z.array(settingStateSchema),
  /** The file that `save` writes. */
  path: z.string(),
  /** Whether `restart` starts the server again: in the desktop window. */
  canRestart: z.boolean(),
});
export type SettingsState = Readonly<z.infer<typeof settingsStateSchema>>;

export const settingsContract = {
  get: oc.output(settingsStateSchema),
  /**
   * Saves the settings named: text as people write it, `null` to save nothing for it. All or none; refused in a
   * sentence when they cannot work together. Operators only.
   */
  save: oc
    .input(
      z.object({
        changes: z.partialRecord(
          z.enum(names),
          z
            .string()
            .max(64 * 1024)
            .nullable(),
        ),
      }),
    )
    .output(settingsStateSchema),
  /** Ends the program, lets transfers end, and starts it again. Operators in the desktop window only. */
  restart: oc,
};

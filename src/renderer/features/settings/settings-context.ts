import { createContext, use } from 'react';
import type { SettingName } from '#shared/config.ts';
import type { SettingsState } from '#shared/contract/settings.ts';
import type { CheckedDrafts, Drafts } from './drafts.ts';

/** What the parts of the form work with. */
export interface Form {
  readonly state: SettingsState;
  readonly drafts: Drafts;
  readonly checked: CheckedDrafts;
  /** Viewers see the settings and change none. */
  readonly canChange: boolean;
  /** `undefined` takes back what was typed. */
  readonly type: (name: SettingName, text: string | undefined) => void;
}

export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = use(FormContext);
  if (!form) throw new Error('used outside the settings');
  return form;
}

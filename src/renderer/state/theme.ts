/** How the console looks: what the system says, unless somebody chose. */
import { Signal } from './signal.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** `system`: more where the system asks for it (`prefers-contrast`). */
export const contrasts = ['system', 'more', 'normal'] as const;
export type Contrast = (typeof contrasts)[number];

const themeKey = 'sluice.theme';
const contrastKey = 'sluice.contrast';

/** Somebody chose another theme or contrast. */
export const appearanceChanged = new Signal(0);
/** What was chosen in this page, also where storage is closed to us. */
const chosen: { theme?: Theme; contrast?: Contrast } = {};

/** The choice of this page, else the stored one; `system` where there is none. */
export function currentTheme(): Theme {
  return (chosen.theme ??= stored(themeKey, themes, 'system'));
}

export function currentContrast(): Contrast {
  return (chosen.contrast ??= stored(contrastKey, contrasts, 'system'));
}

/** Shows a theme and remembers it as far as the browser allows. */
export function applyTheme(theme: Theme): void {
  chosen.theme = theme;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  remember(themeKey, theme);
  appearanceChanged.touch();
}

/** Shows a contrast and remembers it. Call it again when the system's wish has changed. */
export function applyContrast(contrast: Contrast): void {
  chosen.contrast = contrast;
  if (isMore(contrast)) document.documentElement.dataset['contrast'] = 'more';
  else delete document.documentElement.dataset['contrast'];
  remember(contrastKey, contrast);
  appearanceChanged.touch();
}

/** Whether a choice comes to high contrast now. */
export function isMore(contrast: Contrast): boolean {
  return contrast === 'more' || (contrast === 'system' && matchMedia('(prefers-contrast: more)').matches);
}

function stored<T extends string>(key: string, values: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(key);
    return values.find((each) => each === value) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch (error) {
    console.info('The choice is not remembered:', error);
  }
}

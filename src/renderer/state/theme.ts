/** How the console looks: what the system says, unless somebody chose. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** `system`: more where the system asks for it (`prefers-contrast`). */
export const contrasts = ['system', 'more', 'normal'] as const;
export type Contrast = (typeof contrasts)[number];

const themeKey = 'sluice.theme';
const contrastKey = 'sluice.contrast';

/** The stored choice; `system` where there is none or storage is closed to us. */
export function storedTheme(): Theme {
  return stored(themeKey, themes, 'system');
}

export function storedContrast(): Contrast {
  return stored(contrastKey, contrasts, 'system');
}

/** Shows a theme and remembers it as far as the browser allows. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  remember(themeKey, theme);
}

/** Shows a contrast and remembers it. Call it again when the system's wish has changed. */
export function applyContrast(contrast: Contrast): void {
  if (isMore(contrast)) document.documentElement.dataset['contrast'] = 'more';
  else delete document.documentElement.dataset['contrast'];
  remember(contrastKey, contrast);
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

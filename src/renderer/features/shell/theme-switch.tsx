import { useCommand } from '../../state/commands.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import {
  appearanceChanged,
  applyContrast,
  applyTheme,
  currentContrast,
  currentTheme,
  isMore,
  type Theme,
  themes,
} from '../../state/theme.ts';
import { Icon } from '../../ui/icons.tsx';
import { forgetPalette } from '../../ui/palette.ts';
import { Segments } from '../../ui/segments.tsx';

const paths: Readonly<Record<Theme | 'contrast', string>> = {
  system: 'M1.500 2.500h9v6h-9zM4 10.500h4',
  light:
    'M6 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4M6 .8v1M6 10.200v1M.8 6h1M10.200 6h1M2.300 2.300l.7.7M9 9l.7.7M9.700 2.300 9 3M3 9l-.7.7',
  dark: 'M10 7.300A4.500 4.500 0 0 1 4.700 2 4.500 4.500 0 1 0 10 7.300Z',
  contrast: 'M6 1.500a4.500 4.500 0 1 0 0 9zM6 1.500a4.500 4.500 0 0 1 0 9M4 2.500v7M2.500 4v4',
};
const names: Readonly<Record<Theme, string>> = {
  system: 'Theme of the system',
  light: 'Light',
  dark: 'Dark',
};

/** Light or dark, and more contrast in either, by the pointer and by commands. */
export function ThemeSwitch() {
  useSignal(appearanceChanged);
  const isHigh = isMore(currentContrast());
  const repaint = useRepaint();
  const toggleContrast = (): void => repaint(() => applyContrast(isHigh ? 'normal' : 'more'));
  const toggleTheme = (): void => repaint(() => applyTheme(currentTheme() === 'dark' ? 'light' : 'dark'));
  useCommand('view.theme', toggleTheme);
  useCommand('view.contrast', toggleContrast);
  return (
    <>
      <ThemeChoice />
      <Segments
        label="Contrast"
        value={isHigh ? 'more' : 'normal'}
        onChange={toggleContrast}
        options={[
          { value: 'more', name: 'High contrast', content: <Icon path={paths.contrast} size={14} /> },
        ]}
      />
    </>
  );
}

export function ThemeChoice() {
  useSignal(appearanceChanged);
  const repaint = useRepaint();
  return (
    <Segments
      label="Theme"
      value={currentTheme()}
      onChange={(next) => repaint(() => applyTheme(next))}
      options={themes.map((value) => ({
        value,
        name: names[value],
        content: <Icon path={paths[value]} size={14} />,
      }))}
    />
  );
}

/** Canvases are painted again with the new colours. */
export function useRepaint(): (change: () => void) => void {
  const { loop } = useLive();
  return (change) => {
    change();
    forgetPalette();
    loop.invalidate();
  };
}

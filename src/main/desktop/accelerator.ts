const names: Readonly<Record<string, string>> = {
  $mod: 'CmdOrCtrl',
  ' ': 'Space',
  Space: 'Space',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
  '+': 'Plus',
};

/**
 * A key of shared/commands.ts as Electron's menus write it: `$mod+k` is `CmdOrCtrl+K`. `undefined` for sequences, and
 * for keys without `$mod`: a menu that took a bare letter would take it from whoever types.
 */
export function acceleratorOf(key: string): string | undefined {
  const parts = key === '+' ? ['+'] : key.split('+');
  if (!parts.includes('$mod') || key.includes(' ')) return undefined;
  return parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join('+');
}

/** The tokens as canvases need them: computed colours, read again when the theme changes. */
const names = [
  'page',
  'surface',
  'line',
  'line-soft',
  'text',
  'text-2',
  'text-3',
  'focus',
  'alarm',
  'free',
  'free-outline',
  'queued',
  'queued-outline',
  'waiting',
  'waiting-outline',
  'receiving',
  'receiving-outline',
  'held',
  'held-outline',
  'held-ink',
  'draining',
  'draining-outline',
  'retry',
  'retry-outline',
  'failed',
  'failed-outline',
  'cached',
  'upload',
  'spare',
  'heap',
  'external',
  'shade-1',
  'shade-2',
  'shade-3',
  'shade-4',
  'shade-5',
  'grown',
  'grown-outline',
  'tier-memory',
  'tier-disk',
] as const;

export type ColorName = (typeof names)[number];
export type Palette = Readonly<Record<ColorName, string>>;

let current: Palette | undefined;

/** The colours of the present theme. */
export function palette(): Palette {
  current ??= readPalette();
  return current;
}

/** The theme has changed. */
export function forgetPalette(): void {
  current = undefined;
}

/** A custom property is text; only a real property computes to a colour, so an element is painted with each. */
function readPalette(): Palette {
  const probe = document.createElement('span');
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const entries = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Record<ColorName, string>;
}

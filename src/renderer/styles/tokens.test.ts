import { describe, expect, it } from 'vitest';

interface Files {
  readonly readFileSync: (file: URL, encoding: 'utf8') => string;
}

// The renderer's types know no Node, on purpose; the test runner has it, and empties style sheets that are imported.
const files = (await import(/* @vite-ignore */ ['node', 'fs'].join(':'))) as Files;
const css = files.readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

type Rgb = readonly [number, number, number];
const themes = ['light', 'dark'] as const;
type ThemeName = (typeof themes)[number];

function token(name: string, theme: ThemeName): Rgb {
  const match = new RegExp(`--${name}: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\);`).exec(css);
  const hex = match?.[theme === 'light' ? 1 : 2];
  if (hex === undefined) throw new Error(`no token ${name}`);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb;
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['page', 'surface', 'raised'];
const texts = ['text', 'text-2', 'text-3', 'alarm'];
const outlines = [
  'free-outline',
  'queued-outline',
  'waiting-outline',
  'receiving-outline',
  'held-outline',
  'draining-outline',
  'retry-outline',
  'failed-outline',
  'focus',
  'attention',
];

describe.each(themes)('tokens, %s', (theme) => {
  it.each(texts.flatMap((text) => grounds.map((ground) => ({ text, ground }))))(
    'text $text on $ground has 4.5 : 1',
    ({ text, ground }) => {
      expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(outlines)('the outline %s has 3 : 1 on the page', (outline) => {
    expect(contrast(token(outline, theme), token('page', theme))).toBeGreaterThanOrEqual(3);
  });

  it('digits on held chunks have 4.5 : 1', () => {
    expect(contrast(token('held-ink', theme), token('held', theme))).toBeGreaterThanOrEqual(4.5);
  });
});

import { describe, expect, it } from 'vitest';

interface Files {
  readonly readFileSync: (file: URL, encoding: 'utf8') => string;
}

// The renderer's types know no Node, on purpose; the test runner has it, and empties style sheets that are imported.
const files = (await import(/* @vite-ignore */ ['node', 'fs'].join(':'))) as Files;
const css = files.readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

type Rgb = readonly [number, number, number];
const themes = ['light', 'dark', 'light, high contrast', 'dark, high contrast'] as const;
type ThemeName = (typeof themes)[number];

const isHigh = (theme: ThemeName): boolean => theme.endsWith('high contrast');
/** What high contrast does not change is as in the theme. */
const highBlock = /:root\[data-contrast='more'\] \{([^}]*)\}/.exec(css)?.[1] ?? '';

function token(name: string, theme: ThemeName): Rgb {
  const pattern = new RegExp(`--${name}: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\);`);
  const match = (isHigh(theme) ? pattern.exec(highBlock) : null) ?? pattern.exec(css);
  const hex = match?.[theme.startsWith('light') ? 1 : 2];
  if (hex === undefined) throw new Error(`no token ${name}`);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Rgb;
}

/** Without the gamma of sRGB. */
function linear(color: Rgb): Rgb {
  return color.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as unknown as Rgb;
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Rgb): number {
  const [red, green, blue] = linear(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

type Matrix = readonly [Rgb, Rgb, Rgb];

function times(matrix: Matrix, [x, y, z]: Rgb): Rgb {
  return matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Rgb;
}

/** Linear sRGB as it is seen: Machado, Oliveira and Fernandes 2009, full severity. */
const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const toCones: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const toLab: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

/** OKLab, of a colour as it is seen. */
function seen(color: Rgb, vision: Matrix): Rgb {
  const inGamut = times(vision, linear(color)).map((part) => Math.min(1, Math.max(0, part)));
  const cones = times(toCones, inGamut as unknown as Rgb).map(Math.cbrt);
  return times(toLab, cones as unknown as Rgb);
}

function distance(one: Rgb, other: Rgb, vision: Matrix): number {
  const [a, b] = [seen(one, vision), seen(other, vision)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
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
  'grown-outline',
];

const resident = ['receiving', 'held', 'draining', 'failed'];
const residentPairs = resident.flatMap((one, index) =>
  resident.slice(index + 1).map((other) => ({ one, other })),
);
/** What the raster draws side by side. `retry` is `waiting` with a bright edge. */
const drawn = ['waiting', ...resident];
const drawnPairs = drawn.flatMap((one, index) => drawn.slice(index + 1).map((other) => ({ one, other })));

describe.each(themes)('tokens, %s', (theme) => {
  const leastText = isHigh(theme) ? 7 : 4.5;
  const leastOutline = isHigh(theme) ? 4.5 : 3;

  it.each(texts.flatMap((text) => grounds.map((ground) => ({ text, ground }))))(
    `text $text on $ground has ${leastText} : 1`,
    ({ text, ground }) => {
      expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(leastText);
    },
  );

  it('text on the main button and on counts has 4.5 : 1, pressed too', () => {
    for (const ground of ['text', 'text-2']) {
      expect(contrast(token('page', theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(outlines)(`the outline %s has ${leastOutline} : 1 on the page`, (outline) => {
    expect(contrast(token(outline, theme), token('page', theme))).toBeGreaterThanOrEqual(leastOutline);
  });

  it.each(['page', 'surface'])('the edge of what floats has 3 : 1 on %s', (ground) => {
    expect(contrast(token('edge', theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
  });

  it('digits on held chunks have 4.5 : 1', () => {
    expect(contrast(token('held-ink', theme), token('held', theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['shade-1', 'shade-2', 'shade-3', 'shade-4', 'shade-5', 'grown'])(
    `names on %s have ${leastText} : 1`,
    (ground) => {
      expect(contrast(token('text', theme), token(ground, theme))).toBeGreaterThanOrEqual(leastText);
    },
  );

  it.each(resident)('what has grown is told from %s', (state) => {
    const [grown, other] = [token('grown', theme), token(state, theme)];
    expect(distance(grown, other, visions['normal'] ?? toLab)).toBeGreaterThanOrEqual(0.1);
  });

  describe.each(Object.entries(visions))('seen with %s vision', (_name, vision) => {
    it.each(residentPairs)('$one and $other are told apart', ({ one, other }) => {
      const least = theme.startsWith('dark') ? 0.16 : 0.11;
      expect(distance(token(one, theme), token(other, theme), vision)).toBeGreaterThanOrEqual(least);
    });

    it.each(drawnPairs)('$one and $other differ in the raster', ({ one, other }) => {
      expect(distance(token(one, theme), token(other, theme), vision)).toBeGreaterThanOrEqual(0.1);
    });
  });
});

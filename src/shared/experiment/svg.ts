/** A scene as an SVG file that needs nothing else: its colours are in it, its fonts are the reader's own. */
import { type Ink, type Scene, sceneFont, type Shape } from './scene.ts';

/** The console's tokens (renderer/styles/tokens.css), which a file cannot refer to. */
export const svgThemes = {
  light: {
    page: '#fafbfc',
    text: '#161b22',
    'text-2': '#4a5563',
    'text-3': '#626d7c',
    line: '#dfe4ea',
    'line-soft': '#ebeef2',
    cached: '#9aa5b3',
    held: '#e89a00',
    alarm: '#b3201a',
  },
  dark: {
    page: '#0e1116',
    text: '#e6eaf0',
    'text-2': '#a9b3c1',
    'text-3': '#7f8a99',
    line: '#222933',
    'line-soft': '#191f27',
    cached: '#55606e',
    held: '#f5a800',
    alarm: '#ff8085',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Ink, string>>>>;
export type SvgTheme = keyof typeof svgThemes;

/** The whole file. */
export function toSvg(
  { width, height, label, shapes }: Scene,
  colors: Readonly<Record<Ink, string>>,
): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(label)}" font-family="${escaped(sceneFont)}">`,
    `<rect width="${width}" height="${height}" fill="${colors.page}"/>`,
    ...shapes.map((shape) => element(shape, colors)),
    '</svg>',
    '',
  ].join('\n');
}

function element(shape: Shape, colors: Readonly<Record<Ink, string>>): string {
  if (shape.kind === 'path') {
    const { d, fill, stroke, width, dash } = shape;
    const line = stroke === undefined ? '' : ` stroke="${colors[stroke]}" stroke-width="${width ?? 1}"`;
    const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
    return `<path d="${d}" fill="${fill === undefined ? 'none' : colors[fill]}"${line}${dashes}/>`;
  }
  const { x, y, text, ink, size, weight, anchor } = shape;
  const extra = [
    weight === undefined ? '' : ` font-weight="${weight}"`,
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
  ].join('');
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${colors[ink]}"${extra}>${escaped(text)}</text>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
}

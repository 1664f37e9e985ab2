/** A 45° hatch as a fill style. One small tile for each colour and pixel ratio is kept; themes are few. */
const tiles = new Map<string, HTMLCanvasElement>();
const step = 6;

export function hatchPattern(
  context: CanvasRenderingContext2D,
  color: string,
  ratio: number,
): CanvasPattern | string {
  const key = `${color} ${ratio}`;
  const tile = tiles.get(key) ?? drawTile(color, Math.max(1, Math.round(ratio)));
  tiles.set(key, tile);
  return context.createPattern(tile, 'repeat') ?? color;
}

function drawTile(color: string, scale: number): HTMLCanvasElement {
  const tile = document.createElement('canvas');
  const size = step * scale;
  tile.width = size;
  tile.height = size;
  const context = tile.getContext('2d');
  if (!context) return tile;
  context.fillStyle = color;
  for (let line = 0; line < size; line += 1) context.fillRect(line, size - 1 - line, scale, 1);
  return tile;
}

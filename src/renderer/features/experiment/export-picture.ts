/** The picture as a file: SVG as it is, PNG through a canvas. Both in the colours of the theme. */
import { type Scene, sceneFont } from '#shared/experiment/scene.ts';
import { toSvg } from '#shared/experiment/svg.ts';
import { palette } from '../../ui/palette.ts';
import { saveFile } from '../../ui/save-file.ts';

const pngRatio = 2;

export function saveSvg(scene: Scene): void {
  saveFile(new Blob([toSvg(scene, palette())], { type: 'image/svg+xml' }), 'sluice-experiment.svg');
}

/** @throws Error when the browser gives no picture */
export async function savePng(scene: Scene): Promise<void> {
  const canvas = document.createElement('canvas');
  canvas.width = scene.width * pngRatio;
  canvas.height = scene.height * pngRatio;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no pictures');
  context.scale(pngRatio, pngRatio);
  draw(context, scene);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('this browser makes no PNG');
  saveFile(blob, 'sluice-experiment.png');
}

function draw(context: CanvasRenderingContext2D, { width, height, shapes }: Scene): void {
  const colors = palette();
  context.fillStyle = colors.page;
  context.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    if (shape.kind === 'text') {
      context.font = `${shape.weight ?? 400} ${shape.size}px ${sceneFont}`;
      context.textAlign = shape.anchor ?? 'start';
      context.fillStyle = colors[shape.ink];
      context.fillText(shape.text, shape.x, shape.y);
      continue;
    }
    const path = new Path2D(shape.d);
    if (shape.fill !== undefined) {
      context.fillStyle = colors[shape.fill];
      // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a canvas is filled, no array
      context.fill(path);
    }
    if (shape.stroke !== undefined) {
      context.strokeStyle = colors[shape.stroke];
      context.lineWidth = shape.width ?? 1;
      context.setLineDash((shape.dash ?? '').split(' ').filter(Boolean).map(Number));
      context.stroke(path);
    }
  }
}

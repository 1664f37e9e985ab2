import { type Ink, type Scene, sceneFont, type Shape } from '#shared/experiment/scene.ts';
import styles from './picture.module.css';

/** A scene in the colours of the theme, whichever that is. */
export function Picture({ scene }: { readonly scene: Scene }) {
  const { width, height, label, shapes } = scene;
  return (
    <svg
      className={styles['picture']}
      viewBox={`0 0 ${width} ${height}`}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an img would not have the colours of the page
      role="img"
      aria-label={label}
      fontFamily={sceneFont}
      data-testid="experiment-picture"
    >
      {shapes.map((shape, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- shapes have no names, only their order
        <Drawn key={index} shape={shape} />
      ))}
    </svg>
  );
}

function Drawn({ shape }: { readonly shape: Shape }) {
  if (shape.kind === 'path') {
    const { d, fill, stroke, width, dash } = shape;
    return (
      <path
        d={d}
        fill={fill === undefined ? 'none' : color(fill)}
        stroke={stroke === undefined ? undefined : color(stroke)}
        strokeWidth={width}
        strokeDasharray={dash}
      />
    );
  }
  const { x, y, text, ink, size, weight, anchor } = shape;
  return (
    <text x={x} y={y} fontSize={size} fontWeight={weight} textAnchor={anchor} fill={color(ink)}>
      {text}
    </text>
  );
}

function color(ink: Ink): string {
  return `var(--${ink})`;
}

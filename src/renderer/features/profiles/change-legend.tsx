/** What the boxes of a comparison mean: drawn by the very painter of the picture. */
import { useMemo } from 'react';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { type ChangeParts, paintChange } from './change-painter.ts';
import styles from './change-legend.module.css';

interface ChangeLegendProps {
  /** Of all calls, as it is written. */
  readonly kept: string;
  readonly added: string;
  readonly removed: string;
}

export function ChangeLegend({ kept, added, removed }: ChangeLegendProps) {
  return (
    <ul className={styles['legend']} aria-label="Legend" data-testid="legend">
      <li>
        <Sample parts={{ kept: 1, added: 0, removed: 0 }} /> in both <b>{kept}</b>
      </li>
      <li>
        <Sample parts={{ kept: 0, added: 1, removed: 0 }} /> more in B <b>{added}</b>
      </li>
      <li>
        <Sample parts={{ kept: 0, added: 0, removed: 1 }} /> less in B <b>{removed}</b>
      </li>
      <li>
        <i aria-hidden="true">▲ +</i> only in B: new
      </li>
      <li>
        <i aria-hidden="true">▽ −</i> only in A: gone
      </li>
    </ul>
  );
}

function Sample({ parts }: { readonly parts: ChangeParts }) {
  const paint = usePaint(parts);
  return <Canvas paint={paint} className={styles['sample']} />;
}

function usePaint({ kept, added, removed }: ChangeParts): Paint {
  return useMemo<Paint>(
    () =>
      ({ context, width, height, ratio }) => {
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, width, height);
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        const rect = { context, colors: palette(), x: 0, y: 0, width: width / ratio, height: height / ratio };
        paintChange(rect, { kept, added, removed }, 'shade-4');
      },
    [kept, added, removed],
  );
}

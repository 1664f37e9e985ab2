import { type ReactNode, useRef, useState } from 'react';
import styles from './side.module.css';

const narrowest = 360;
const widest = 960;
const byItself = 460;
const keyStep = 24;
const storageKey = 'sluice.requests.side';

/** What stands beside the table; its left edge is dragged, or moved with arrow keys. The width is remembered. */
export function Side({ children }: { readonly children: ReactNode }) {
  const [width, setWidth] = useState(storedWidth);
  const drag = useRef<number>(undefined);
  const resize = (next: number): void => {
    const kept = Math.round(Math.min(widest, Math.max(narrowest, next)));
    setWidth(kept);
    try {
      localStorage.setItem(storageKey, `${kept}`);
    } catch (error) {
      console.info('The width is not remembered:', error);
    }
  };
  return (
    <div className={styles['side']} style={{ width }}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that can be moved has keys */}
      <hr
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
        tabIndex={0}
        className={styles['edge']}
        aria-label="Width of the details"
        aria-orientation="vertical"
        aria-valuemin={narrowest}
        aria-valuemax={widest}
        aria-valuenow={width}
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = event.clientX + width;
        }}
        onPointerMove={({ clientX }) => {
          if (drag.current !== undefined) resize(drag.current - clientX);
        }}
        onPointerUp={() => {
          drag.current = undefined;
        }}
        onDoubleClick={() => resize(byItself)}
        onKeyDown={(event) => {
          const step = { ArrowLeft: keyStep, ArrowRight: -keyStep }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          resize(width + step);
        }}
      />
      {children}
    </div>
  );
}

function storedWidth(): number {
  try {
    const width = Number(localStorage.getItem(storageKey) ?? byItself);
    return width >= narrowest && width <= widest ? width : byItself;
  } catch {
    return byItself;
  }
}

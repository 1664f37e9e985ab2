/**
 * Calls as an icicle: callers above, what they call below, each as wide as it is large. A press, or Enter, gives a call
 * the whole width; arrows move a cursor; Backspace goes back out by one, Home all the way.
 */
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { rowOfBox } from '#shared/profile/icicle.ts';
import { nameKey } from '#shared/profile/node-path.ts';
import { useLive } from '../../state/live-context.ts';
import type { IciclePicture } from '../../state/profile-questions.ts';
import { Canvas } from '../../ui/canvas.tsx';
import type { Paint } from '../../ui/paint-loop.ts';
import { boxAfterKey, boxesTo } from './icicle-keys.ts';
import { boxUnder, type FillBox, type IcicleScene, paintIcicle, rowHeight } from './icicle-painter.ts';
import styles from './icicle.module.css';

interface IcicleProps {
  readonly picture: IciclePicture;
  /** What the picture shows, in a sentence. */
  readonly label: string;
  readonly fill: FillBox;
  readonly mark?: (box: number) => string;
  /** One call in words: for the line below, and for who hears it. */
  readonly words: (box: number) => string;
  readonly search: string;
  readonly chosenName?: string | undefined;
  /** The keys of names from the root down to what has the whole width. */
  readonly onZoom: (keys: readonly string[]) => void;
  /** Opens what is known of a function. */
  readonly onOpen?: (name: string) => void;
  readonly foot?: ReactNode;
}

export function Icicle(props: IcicleProps) {
  const { picture, label, fill, mark, words, search, chosenName, onZoom, onOpen, foot } = props;
  const { loop } = useLive();
  const scroller = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<number>();
  const [cursor, setCursor] = useState(0);
  const [isFocused, setFocused] = useState(false);
  const { boxes, crumbs } = picture;
  const rows = boxes.rowStarts.length - 1;
  const zoom = crumbs.map(({ key }) => key).join('.');
  // Another picture: the cursor is at what has the whole width.
  const [drawn, setDrawn] = useState(picture);
  if (drawn !== picture) {
    setDrawn(picture);
    setHovered(undefined);
    setCursor(0);
  }
  const scene = useRef<IcicleScene>(undefined);
  const paint = useMemo<Paint>(
    () => (surface) => {
      if (scene.current) paintIcicle(surface, { ...scene.current, top: scroller.current?.scrollTop ?? 0 });
    },
    [],
  );
  useLayoutEffect(() => {
    const shownCursor = isFocused ? cursor : undefined;
    scene.current = { picture, fill, mark, search, chosenName, hovered, cursor: shownCursor, top: 0 };
    loop.request();
  }, [loop, picture, fill, mark, search, chosenName, hovered, cursor, isFocused]);
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    // From the top again, whenever it is zoomed to something else.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [zoom]);

  const under = (event: MouseEvent): number | undefined => {
    const element = scroller.current;
    if (!element) return undefined;
    const { left, top } = element.getBoundingClientRect();
    return boxUnder(
      picture,
      event.clientX - left,
      event.clientY - top + element.scrollTop,
      element.clientWidth,
    );
  };
  const nameOf = (box: number): string => picture.names[picture.name[box] ?? 0] ?? '';
  const keys = crumbs.map(({ key }) => key);
  /** What has the whole width already goes back out by one. */
  const zoomTo = (box: number): void =>
    onZoom(
      box === 0 ? keys.slice(0, -1) : [...keys, ...boxesTo(boxes, box).map((each) => nameKey(nameOf(each)))],
    );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const open = (): void => {
      if (nameOf(cursor) !== '') onOpen?.(nameOf(cursor));
    };
    const acts: Readonly<Record<string, () => void>> = {
      Enter: () => (event.shiftKey ? open() : zoomTo(cursor)),
      Backspace: () => onZoom(keys.slice(0, -1)),
      Home: () => onZoom([]),
    };
    const act = acts[event.key];
    const to = boxAfterKey(boxes, cursor, event.key);
    if (!act && to === undefined) return;
    event.preventDefault();
    act?.();
    if (to === undefined) return;
    setCursor(to);
    reveal(scroller.current, rowOfBox(boxes, to));
  };
  const told = hovered ?? cursor;
  const row = rowOfBox(boxes, cursor);
  return (
    <div className={styles['icicle']}>
      <div ref={scroller} className={styles['scroller']} onScroll={loop.request}>
        <div style={{ height: rows * rowHeight }}>
          <Canvas paint={paint} label={label} className={styles['canvas']} testId="icicle" />
        </div>
        <div
          className={styles['keys']}
          style={{ height: Math.max(rows * rowHeight, 1) }}
          role="tree"
          tabIndex={0}
          aria-label="Calls. Arrow keys move, Enter zooms in, Backspace out, Home to all; Shift+Enter shows callers and callees."
          aria-activedescendant={`icicle-call-${cursor}`}
          data-testid="icicle-keys"
          data-row={row}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onMouseMove={(event) => setHovered(under(event))}
          onMouseLeave={() => setHovered(undefined)}
          onClick={(event) => {
            const box = under(event);
            if (box !== undefined) zoomTo(box);
          }}
        >
          <span
            // Another one for each call: that is what makes it heard.
            id={`icicle-call-${cursor}`}
            className="visually-hidden"
            role="treeitem"
            aria-level={crumbs.length + row + 1}
            aria-selected="true"
            tabIndex={-1}
          >
            {words(cursor)}
          </span>
        </div>
      </div>
      <p className={styles['readout']} data-testid="icicle-readout">
        <span>{words(told)}</span>
        {foot}
      </p>
    </div>
  );
}

/** Scrolls so far that a row is in sight. */
function reveal(scroller: HTMLElement | null, row: number): void {
  if (!scroller) return;
  const top = row * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + rowHeight - scroller.clientHeight;
}

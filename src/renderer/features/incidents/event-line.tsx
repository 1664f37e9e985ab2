/**
 * A stretch of time as a line: how much was written when, hatched where nothing is known, alerts and marks as flags. A
 * press plays that instant; the same is in a table beside it, for the keyboard.
 */
import { type MouseEvent, useId } from 'react';
import { formatTime } from '#shared/units.ts';
import { shareOf } from './strip-layout.ts';
import styles from './event-line.module.css';

interface LineMoment {
  readonly id: string;
  readonly at: number;
  readonly kind: 'alert' | 'mark';
  readonly isFiring: boolean;
  readonly text: string;
}

interface EventLineProps {
  readonly label: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Shares of the height, in equal parts of the time; negative where nothing is known. */
  readonly levels: readonly number[];
  readonly moments: readonly LineMoment[];
  /** Where an instant can be seen; `undefined` where it cannot. */
  readonly hrefOf: (at: number) => string | undefined;
}

const height = 28;

export function EventLine({ label, firstAt, lastAt, levels, moments, hrefOf }: EventLineProps) {
  const hatch = useId();
  const goTo = (event: MouseEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const href = hrefOf(firstAt + ((event.clientX - box.left) / box.width) * (lastAt - firstAt));
    if (href !== undefined) location.hash = href;
  };
  return (
    <div className={styles['line']} data-testid="event-line">
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- the
          table and the links beside it do the same by keyboard */}
      <div className={styles['plot']} onClick={goTo}>
        <svg
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an img would not have the colours of the page
          role="img"
          aria-label={label}
          viewBox={`0 0 ${levels.length} ${height}`}
          preserveAspectRatio="none"
          className={styles['levels']}
        >
          <defs>
            <pattern id={hatch} width="3" height="6" patternUnits="userSpaceOnUse">
              <path d="M0 6 3 0" className={styles['hatch']} vectorEffect="non-scaling-stroke" />
            </pattern>
          </defs>
          <path d={areaOf(levels, 'unknown')} fill={`url(#${hatch})`} />
          <path d={areaOf(levels, 'known')} className={styles['level']} />
        </svg>
        {moments.map((moment) => (
          <MomentFlag key={moment.id} moment={moment} share={shareOf(moment.at, { firstAt, lastAt })} />
        ))}
      </div>
      <div className={styles['times']} aria-hidden="true">
        <span>{formatTime(firstAt)}</span>
        <span>{formatTime((firstAt + lastAt) / 2)}</span>
        <span>{formatTime(lastAt)}</span>
      </div>
    </div>
  );
}

/** The parts that are known as columns, or those that are not in their whole height. */
function areaOf(levels: readonly number[], which: 'known' | 'unknown'): string {
  return levels
    .map((level, part) => {
      if (level < 0 !== (which === 'unknown')) return '';
      const tall = level < 0 ? height : Math.max(1.5, level * (height - 2));
      return `M${part} ${height}v${-tall}h1v${tall}z`;
    })
    .join('');
}

interface MomentFlagProps {
  readonly moment: LineMoment;
  readonly share: number | undefined;
}

function MomentFlag({ moment: { at, kind, isFiring, text }, share }: MomentFlagProps) {
  if (share === undefined) return null;
  return (
    <i
      className={styles['flag']}
      data-kind={kind}
      data-firing={isFiring}
      data-side={share > 0.97 ? 'left' : 'right'}
      style={{ left: `${share * 100}%` }}
      title={`${formatTime(at)} ${text}`}
      aria-hidden="true"
    >
      <svg width="10" height="16" viewBox="0 0 10 16">
        <path d="M1 0v16" />
        <path d="M1 1 8 4.500 1 8z" />
      </svg>
    </i>
  );
}

/** What the first steps come to, drawn with the signs that the Live view uses. For the eye alone. */
import styles from './first-run.module.css';

/** Columns of the demo's memory: how much is held, in cells of twelve; the budget is at ten. */
const fill = [2, 3, 3, 4, 4, 6, 7, 8, 9, 9, 10, 10, 10, 10, 10, 10, 10, 10];
const cell = 9;
const cells = fill.flatMap((count, column) =>
  Array.from({ length: count }, (_, row) => ({
    x: 20 + column * (cell + 1),
    y: 110 - (row + 1) * cell,
    fill: row === 0 ? 'var(--draining)' : column > 3 ? 'var(--held)' : 'var(--receiving)',
  })),
);

/** Held memory that rises to the budget's line and stays there. */
export function DemoPicture() {
  return (
    <svg viewBox="0 0 220 120" className={styles['drawing']}>
      {cells.map(({ x, y, fill }) => (
        <rect key={`${x} ${y}`} x={x} y={y} width={cell} height={cell - 1} fill={fill} />
      ))}
      <path d="M10 19.500h200" stroke="var(--text)" strokeWidth="1.500" strokeDasharray="5 4" />
      <text x="10" y="13" fill="var(--text-2)" fontSize="9">
        budget
      </text>
    </svg>
  );
}

/** A store, and chunks on their way from it. */
export function BucketPicture() {
  return (
    <svg viewBox="0 0 220 120" className={styles['drawing']}>
      <path
        d="M30 34c0-11 48-11 48 0v52c0 11-48 11-48 0zM30 34c0 11 48 11 48 0M30 60c0 11 48 11 48 0"
        fill="none"
        stroke="var(--text-2)"
        strokeWidth="1.500"
      />
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <g key={index}>
          <rect
            x={98 + index * 18}
            y={46}
            width={13}
            height={28}
            fill="none"
            stroke="var(--receiving-outline)"
            strokeWidth="1.250"
          />
          <rect
            x={98 + index * 18}
            y={46 + Math.max(0, 28 - index * 7)}
            width={13}
            height={Math.min(28, index * 7)}
            fill="var(--receiving)"
          />
        </g>
      ))}
    </svg>
  );
}

/** This server, and three others through it. */
export function ServerPicture() {
  return (
    <svg viewBox="0 0 220 120" className={styles['drawing']}>
      <path
        d="M72 60h32M104 60V26h32M104 60v34h32M104 60h32"
        fill="none"
        stroke="var(--edge)"
        strokeWidth="1.250"
      />
      <rect
        x="24"
        y="42"
        width="48"
        height="36"
        rx="4"
        fill="none"
        stroke="var(--text-2)"
        strokeWidth="1.500"
      />
      <path d="M33 53h4v14h-4zM59 53h4v14h-4z" fill="var(--text)" />
      <path d="M42 59h12v8H42z" fill="var(--held)" />
      {[26, 60, 94].map((y, index) => (
        <g key={y}>
          <rect
            x="136"
            y={y - 12}
            width="60"
            height="24"
            rx="4"
            fill="none"
            stroke="var(--text-2)"
            strokeWidth="1.500"
          />
          <circle cx="148" cy={y} r="3.500" fill="var(--draining-outline)" />
          <path d={`M158 ${y}h${[14, 26, 20][index]}`} stroke="var(--text-3)" strokeWidth="4" />
        </g>
      ))}
    </svg>
  );
}

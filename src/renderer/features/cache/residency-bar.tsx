import styles from './residency-bar.module.css';

interface ResidencyBarProps {
  readonly memory: string;
  readonly disk: string;
}

/** Where in the object its cached parts lie: memory above disk, from its first byte to its last. Words are beside it. */
export function ResidencyBar({ memory, disk }: ResidencyBarProps) {
  return (
    <svg
      className={styles['bar']}
      viewBox={`0 0 ${Math.max(1, memory.length)} 10`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <Level tier="memory" cells={memory} top={0} />
      <Level tier="disk" cells={disk} top={6} />
    </svg>
  );
}

interface LevelProps {
  readonly tier: 'memory' | 'disk';
  /** A digit for each part: 0 for nothing, 9 for all. */
  readonly cells: string;
  readonly top: number;
}

function Level({ tier, cells, top }: LevelProps) {
  return (
    <g data-tier={tier}>
      <rect className={styles['ground']} x={0} y={top} width={Math.max(1, cells.length)} height={4} />
      {spansOf(cells).map(({ start, end, digit }) => (
        <rect
          key={start}
          x={start}
          y={top + 4 - (4 * Number(digit)) / 9}
          width={end - start}
          height={(4 * Number(digit)) / 9}
        />
      ))}
    </g>
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly digit: string;
}

/** Equal neighbours are one piece: a bar has as few parts as it can. */
function spansOf(cells: string): readonly Span[] {
  return [...cells.matchAll(/([1-9])\1*/g)].map(({ 0: run, 1: digit = '0', index }) => ({
    start: index,
    end: index + run.length,
    digit,
  }));
}

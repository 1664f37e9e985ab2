import { useId, useState } from 'react';
import { formatBytes, formatCount, formatExactBytes, formatRate, parseBytes } from '#shared/units.ts';
import styles from './measure.module.css';

interface MeasureProps {
  readonly name: string;
  readonly value: number;
  readonly limits: { readonly least: number; readonly most: number };
  /** What a step of the slider is. */
  readonly scale: 'linear' | 'powers of two';
  /** How the field reads and writes it; a rate is bytes per second. */
  readonly kind: 'count' | 'bytes' | 'rate';
  readonly onChange: (value: number) => void;
}

/** A figure by slider and by field. What cannot be read, or lies outside, is said and changes nothing. */
export function Measure({ name, value, limits, scale, kind, onChange }: MeasureProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const { least, most } = limits;
  const [toStep, fromStep] = scales[scale];
  const problem = typed === undefined ? undefined : problemOf(typed, kind, limits);
  const onType = (text: string): void => {
    setTyped(text);
    const parsed = parse(text, kind);
    if (parsed !== undefined && problemOf(text, kind, limits) === undefined) onChange(parsed);
  };
  return (
    <div className={styles['measure']}>
      <label htmlFor={id}>{name}</label>
      <input
        type="range"
        aria-label={`${name}, slider`}
        aria-valuetext={words(value, kind)}
        min={toStep(least)}
        max={toStep(most)}
        step={1}
        value={toStep(value)}
        onChange={(event) => {
          setTyped(undefined);
          onChange(Math.min(most, Math.max(least, fromStep(Number(event.target.value)))));
        }}
      />
      <input
        id={id}
        className={styles['field']}
        inputMode={kind === 'count' ? 'numeric' : 'text'}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        value={typed ?? written(value, kind)}
        onChange={(event) => onType(event.target.value)}
        onBlur={() => setTyped(undefined)}
      />
      <span className={styles['unit']}>{kind === 'rate' ? '/s' : ''}</span>
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

const scales = {
  linear: [(value: number) => value, (step: number) => step],
  'powers of two': [(value: number) => Math.round(Math.log2(value)), (step: number) => 2 ** step],
} as const;

function parse(text: string, kind: MeasureProps['kind']): number | undefined {
  if (kind !== 'count') return parseBytes(text.replace(/\/s$/, ''));
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined;
}

/** Why it is not taken: a sentence. */
function problemOf(
  text: string,
  kind: MeasureProps['kind'],
  { least, most }: MeasureProps['limits'],
): string | undefined {
  const value = parse(text, kind);
  if (value === undefined) return kind === 'count' ? 'A whole number, as 8' : 'A size, as 8MiB or 512k';
  if (value < least || value > most) return `From ${words(least, kind)} to ${words(most, kind)}`;
  return undefined;
}

function words(value: number, kind: MeasureProps['kind']): string {
  return { count: formatCount, bytes: formatBytes, rate: formatRate }[kind](value);
}

/** As it can be typed: exact where that is short. */
function written(value: number, kind: MeasureProps['kind']): string {
  if (kind === 'count') return String(value);
  const exact = formatExactBytes(value);
  return exact.endsWith('iB') && exact.length <= 7 ? exact : formatBytes(value);
}

/** Icons of 12 px, drawn with the text's colour. Always beside a word, so hidden from assistive technology. */
import type { Diagnosis } from '#shared/vocabulary/live.ts';
import styles from './icons.module.css';

interface IconProps {
  readonly path: string;
  readonly size?: number;
}

export function Icon({ path, size = 12 }: IconProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" fill="none" aria-hidden="true">
      <path d={path} stroke="currentColor" strokeWidth="1.25" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const copyPath = 'M4 4h6.500v6.500H4zM8 1.500H1.500V8';
export const checkPath = 'M2 6.500 4.800 9.200 10 3';
export const closePath = 'M2.500 2.500l7 7M9.500 2.500l-7 7';
export const searchPath = 'M5 1.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M7.600 7.600 10.500 10.500';
export const pausePath = 'M4 2.500v7M8 2.500v7';
export const playPath = 'M3.500 2l6 4-6 4z';
export const downPath = 'M3 4.500 6 7.500l3-3';
export const plusPath = 'M6 2v8M2 6h8';
/** An arrow down into a tray: from the upstream into the mirror. */
export const fetchPath = 'M6 1.500v6M3.500 5 6 7.500 8.500 5M1.500 8v2.500h9V8';
/** A box: a snapshot. */
export const boxPath =
  'M1.500 3.500 6 1.500l4.500 2v5L6 10.500l-4.500-2zM1.500 3.500 6 5.500l4.500-2M6 5.500v5';
export const linesPath = 'M1.500 3h9M1.500 6h9M1.500 9h5.500';
export const folderPath = 'M1.500 2.500h3.200l1 1.300h4.800v5.700h-9z';
export const binPath = 'M2 3.500h8M4.500 3.500v-1.500h3v1.500M3 3.500l.5 7h5l.5-7';
export const stopPath = 'M3 3h6v6h-6z';
export const tablePath = 'M1.500 2h9v8h-9zM1.500 5h9M1.500 7.500h9M5 2v8';

const diagnosisIcons: Readonly<Record<Diagnosis, string>> = {
  healthy: checkPath,
  // A screen: the reader.
  'client-bound': 'M1.500 2.500h9v5.500h-9zM4 10.500h4M6 8v2.500',
  // A cylinder: the store.
  'store-bound': 'M2 3c0-2 8-2 8 0v6c0 2-8 2-8 0zM2 3c0 2 8 2 8 0M2 6c0 2 8 2 8 0',
  // A queue behind a gap.
  'head-of-line': 'M2 2v8M5 4.500h5M5 7.500h5',
  // A gauge at its end.
  'budget-bound': 'M1.500 9a4.500 4.500 0 1 1 9 0M6 9l3-3',
  // A platter and its arm.
  'disk-bound':
    'M6 1.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 1 0 0-9M6 4.800a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 1 0 0-2.400M6.900 6.900 9 9',
};

/** The sign of a diagnosis, in the colour of the slots that it is about. */
export function DiagnosisIcon({
  diagnosis,
  size,
}: {
  readonly diagnosis: Diagnosis;
  readonly size?: number;
}) {
  return (
    <span className={styles['diagnosis']} data-diagnosis={diagnosis}>
      <Icon path={diagnosisIcons[diagnosis]} {...(size === undefined ? {} : { size })} />
    </span>
  );
}

/** The mark: two gates, the water between them held at its level. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M2 3h4v14H2zM14 3h4v14h-4z" fill="var(--text)" />
      <path d="M7.500 9.500h5V17h-5z" fill="var(--held)" />
      <path d="M7.500 3h5v2.500h-5z" fill="var(--receiving)" />
    </svg>
  );
}

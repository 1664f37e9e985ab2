import type { ReactNode } from 'react';
import styles from './sentence.module.css';

interface SentenceProps {
  /** What the sentence is about, and what it says of it. */
  readonly code: string | undefined;
  readonly rest: ReactNode;
  readonly facts: readonly string[];
}

/** What a profile says, in one sentence; what it is, below. */
export function Sentence({ code, rest, facts }: SentenceProps) {
  return (
    <header className={styles['sentence']}>
      <p data-testid="callout">
        {code !== undefined && <code>{code}</code>}
        {rest}
      </p>
      <p>{facts.join(' · ')}</p>
    </header>
  );
}

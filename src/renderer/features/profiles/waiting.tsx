import styles from './waiting.module.css';

/** A large profile is counted, which takes a moment; of a small one nobody sees this. */
export function Waiting() {
  return <p className={styles['waiting']}>Counting the calls…</p>;
}

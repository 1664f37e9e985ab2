import { Fragment } from 'react';
import { pressesOf } from '../state/shortcuts.ts';
import styles from './keys.module.css';

/** A key, or one after another. */
export function Keys({ keys }: { readonly keys: string }) {
  const presses = pressesOf(keys);
  return (
    <span className={styles['keys']}>
      {presses.map((press, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- `g g` has the same press twice
        <Fragment key={index}>
          {index > 0 && <span className="visually-hidden"> then </span>}
          <kbd>{press}</kbd>
        </Fragment>
      ))}
    </span>
  );
}

import { splitObject } from '#shared/object-name.ts';
import styles from './object-name.module.css';

export function ObjectName({ name }: { readonly name: string }) {
  const { main, rest } = splitObject(name);
  return (
    <>
      {main}
      <span className={styles['rest']}>{rest}</span>
    </>
  );
}

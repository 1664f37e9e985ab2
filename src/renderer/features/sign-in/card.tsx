import type { ReactNode } from 'react';
import { Mark } from '../../ui/icons.tsx';
import styles from './sign-in.module.css';

interface CardProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly testId: string;
}

/** All that there is to see while the console is closed: whose it is, and what it wants. */
export function Card({ title, children, testId }: CardProps) {
  const address = new URL('..', document.baseURI);
  return (
    <main className={styles['page']} data-testid={testId}>
      <section className={styles['card']}>
        <header className={styles['head']}>
          <span className={styles['name']}>
            <Mark />
            Sluice
          </span>
          <span className={styles['address']}>{`${address.host}${address.pathname}`.replace(/\/$/, '')}</span>
        </header>
        <div className={styles['body']}>
          <h1>{title}</h1>
          {children}
        </div>
      </section>
    </main>
  );
}
